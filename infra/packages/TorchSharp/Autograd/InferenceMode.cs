using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Switches libtorch's inference mode on this thread until disposed.</summary>
internal sealed class InferenceMode(bool mode) : IDisposable
{
    private nint guard = NativeMethods.torchsharp_inference_guard(mode ? 1 : 0);

    public static bool IsEnabled => NativeMethods.torchsharp_inference_mode() != 0;

    public void Dispose()
    {
        if (guard != 0)
            NativeMethods.torchsharp_inference_guard_delete(guard);
        guard = 0;
    }
}
