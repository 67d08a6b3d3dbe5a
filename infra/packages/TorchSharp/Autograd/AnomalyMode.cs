using TorchSharp.Interop;

namespace TorchSharp;

public class AnomalyMode : IDisposable
{
    private readonly bool wasEnabled = IsEnabled;
    private readonly bool checkedNaN = ShouldCheckNaN;

    public AnomalyMode(bool enabled, bool check_nan = true) => Set(enabled, check_nan);

    public static bool IsEnabled => NativeMethods.torchsharp_anomaly_mode() != 0;

    public static bool ShouldCheckNaN => NativeMethods.torchsharp_anomaly_checks_nan() != 0;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            Set(wasEnabled, checkedNaN);
    }

    private static void Set(bool enabled, bool checkNaN) => NativeMethods.torchsharp_set_anomaly_mode(enabled ? 1 : 0, checkNaN ? 1 : 0);
}
