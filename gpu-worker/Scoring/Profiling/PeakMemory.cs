using System.Globalization;

namespace CloudPipe.GpuWorker.Scoring.Profiling;

/// <summary>The largest resident memory of this process since a moment, as Linux keeps it.</summary>
internal static class PeakMemory
{
    /// <summary>Forgets the peak so far; does nothing where the system keeps none.</summary>
    public static void Reset()
    {
        try
        {
            // 'man 5 proc', clear_refs: 5 resets the peak resident set size.
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Reads the peak.</summary>
    /// <returns>Bytes; <see langword="null"/> where the system keeps none.</returns>
    public static long? Read()
    {
        // 'VmHWM:     12345 kB'
        string? line = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            : null;
        return line is null ? null : long.Parse(line.AsSpan(6, line.Length - 8), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
    }
}
