using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Switches the recording of gradients on this thread until disposed.</summary>
internal sealed class AutoGradMode : IDisposable
{
    private readonly bool previous = IsEnabled;

    public AutoGradMode(bool enabled) => NativeMethods.torchsharp_set_grad_mode(enabled ? 1 : 0);

    public static bool IsEnabled => NativeMethods.torchsharp_grad_mode() != 0;

    public void Dispose() => NativeMethods.torchsharp_set_grad_mode(previous ? 1 : 0);
}
