using System.Runtime.InteropServices;

namespace CloudPipe.Local.Hosting;

/// <summary>How libtorch's idle threads wait.</summary>
internal static class OpenMpWaiting
{
    private const string Policy = "OMP_WAIT_POLICY";

    /// <summary>
    /// Lets idle OpenMP threads sleep, unless the environment says otherwise: beside ffmpeg, spinning ones make a network
    /// several times slower. OpenMP reads the process's own environment when libtorch is loaded, so this comes first, and
    /// through libc, since .NET keeps changes to itself.
    /// </summary>
    public static void SleepWhenIdle()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironmentVariable(Policy, "passive", overwrite: 0);
        }
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironmentVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
