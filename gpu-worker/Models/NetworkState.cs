using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>A network's parameters and persistent buffers in PyTorch's order: each module's own, then its children's.</summary>
public static class NetworkState
{
    /// <summary>
    /// Lists the state. TorchSharp's own <c>state_dict</c> has the same entries, but all parameters before all buffers.
    /// </summary>
    /// <param name="module">The network, or a part of it.</param>
    /// <returns>Keys, as published weights have them, and the very tensors.</returns>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Of(nn.Module module)
    {
        var entries = new List<KeyValuePair<string, Tensor>>();
        Collect(module, string.Empty, entries);
        return entries;
    }

    private static void Collect(nn.Module module, string prefix, List<KeyValuePair<string, Tensor>> entries)
    {
        entries.AddRange(module.named_parameters(recurse: false).Select(entry => KeyValuePair.Create<string, Tensor>(prefix + entry.name, entry.parameter)));
        entries.AddRange(module.named_buffers(recurse: false, include_nonpersistent: false).Select(entry => KeyValuePair.Create(prefix + entry.name, entry.buffer)));
        foreach ((string name, nn.Module child) in module.named_children())
            Collect(child, $"{prefix}{name}.", entries);
    }
}
