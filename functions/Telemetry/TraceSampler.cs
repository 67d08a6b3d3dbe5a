using System.Diagnostics;
using OpenTelemetry.Trace;

namespace CloudPipe.Functions.Telemetry;

/// <summary>
/// Lets a share of traces through, and every span of each of them: a span with a parent does as its parent did. Unlike
/// OpenTelemetry's own parent-based sampler it takes a first span whose trace is given (<c>CloudPipeTrace.RootOf</c>) for
/// what it is. The choice follows from the trace's id, so that every process makes the same one.
/// </summary>
/// <param name="ratio">The share, 0..1.</param>
internal sealed class TraceSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _roots = new(ratio);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.ParentContext.SpanId == default
            ? _roots.ShouldSample(samplingParameters)
            : new SamplingResult(samplingParameters.ParentContext.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
}
