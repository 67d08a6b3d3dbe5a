namespace CloudPipe.Functions.Tests.Telemetry;

/// <summary>Tests that listen to everything that CloudPipe tells: they run alone, one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "Telemetry";
}
