using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>What the driver knows of a GPU.</summary>
internal static class NvidiaDriver
{
    /// <summary>The first GPU's name; null without the driver's program.</summary>
    public static string? DeviceName() => Query("--query-gpu=name")?.FirstOrDefault();

    /// <summary>
    /// Bytes of device memory that a process holds, CUDA's own included; null where the driver does not tell. libtorch gives
    /// none back unless it runs out, so this is also the most that it has needed.
    /// </summary>
    public static long? BytesOf(int process) => Query("--query-compute-apps=pid,used_memory")?
        .Select(line => line.Split(", "))
        .Where(fields => fields[0] == process.ToString(CultureInfo.InvariantCulture))
        .Select(fields => long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out long mebibytes) ? mebibytes << 20 : (long?)null)
        .FirstOrDefault();

    private static string[]? Query(string what)
    {
        try
        {
            using Process program = Process.Start(new ProcessStartInfo("nvidia-smi", [what, "--format=csv,noheader,nounits"]) { RedirectStandardOutput = true })!;
            string[] lines = program.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            program.WaitForExit();
            return program.ExitCode == 0 ? lines : null;
        }
        catch (Win32Exception)
        {
            return null; // no such program here
        }
    }
}
