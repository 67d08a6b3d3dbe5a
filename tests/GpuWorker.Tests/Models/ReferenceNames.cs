using CloudPipe.GpuWorker.Weights.Naming;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

/// <summary>What a reference file calls the tensors and modules of a network: timm's names, or torchvision's.</summary>
internal sealed class ReferenceNames
{
    private const string InputSuffix = "<input>";

    private readonly Func<string, string?> rename;

    private ReferenceNames(Func<string, string?> rename, bool keepOrder)
    {
        this.rename = rename;
        KeepOrder = keepOrder;
    }

    public static ReferenceNames Same { get; } = new(name => name, keepOrder: true);

    /// <summary>Whether the file lists tensors in the network's order.</summary>
    public bool KeepOrder { get; }

    public static ReferenceNames For(string file) => ParityModel.IsOfTorchvision(file)
        ? new(name => KeyNaming.ToTorchvision(ParityModel.Architecture(file), name), keepOrder: false)
        : Same;

    public string Of(string key) => rename(key) ?? throw new KeyNotFoundException($"The reference has no name for '{key}'.");

    /// <summary>A shape to compare: torchvision's scales are <c>[C, 1, 1]</c> where timm's are <c>[C]</c>.</summary>
    public string Shape(IReadOnlyList<long> shape)
    {
        int length = shape.Count;
        while (!KeepOrder && length > 1 && shape[length - 1] == 1)
            length--;

        return $"[{string.Join(", ", shape.Take(length))}]";
    }

    /// <summary>Finds a network's module by the reference's name of its output, or of its input.</summary>
    public Func<string, string> Feature(nn.Module network)
    {
        ILookup<string?, string> paths = network.named_modules().Select(entry => entry.name).ToLookup(rename);
        return name => name.EndsWith(InputSuffix, StringComparison.Ordinal)
            ? paths[name[..^InputSuffix.Length]].First() + InputSuffix
            : paths[name].First();
    }
}
