namespace TorchSharp.Tests.NN;

/// <summary>Tests that seed the generator of the process or count its tensors: none runs beside another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ModulesCollection
{
    public const string Name = "Modules";
}
