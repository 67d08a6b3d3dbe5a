using System.Globalization;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>The tables of <see cref="GpuBenchmark"/>, written as they come: to the screen, and as Markdown to a file.</summary>
internal sealed class GpuReport : IDisposable
{
    private readonly StreamWriter? _file;
    private readonly List<string> _notes = [];

    /// <param name="file">Where to; null writes to the screen alone.</param>
    public GpuReport(string? file)
    {
        if (file is null)
            return;

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        _file = new StreamWriter(file) { AutoFlush = true };
    }

    public void WriteHead(string device, string precision, string libtorch, string? peer, double ceiling, int rounds)
    {
        Write($"## {device}: {precision}, libtorch {libtorch}");
        Write(string.Empty);
        Write(peer is null
            ? "No PyTorch to compare with: the given Python does not import torch."
            : string.Create(CultureInfo.InvariantCulture, $"Peer: {peer}, eager. Two processes, CloudPipe's and PyTorch's, hold the network on the device at once and run in turns; ratio is the median over {rounds} pairs of CloudPipe's time to PyTorch's, below 1 is faster."));
        Write(string.Create(CultureInfo.InvariantCulture, $"Train is forward, loss, backward and AdamW's step. Memory is all that the process holds. The device's own matrix product in {precision}: {2 * ceiling / 1e12:0.0} TFLOP/s."));
    }

    public void StartParity()
    {
        Write(string.Empty);
        Write(string.Create(CultureInfo.InvariantCulture, $"Logits against the reference's, relative to the largest; TF32 off, float64 within {NetworkParity.Float64Tolerance:0e-0}:"));
        Write(string.Empty);
        Write($"| {"network",-34} | float32 | allowed | float64 | same |");
        Write($"| {new string('-', 34)} | ------: | ------: | ------: | ---- |");
    }

    public void WriteParity(string architecture, NetworkParity? parity) => Write(parity is null
        ? $"| {architecture,-34} | no reference file here | | | |"
        : string.Create(CultureInfo.InvariantCulture, $"| {architecture,-34} | {parity.Float32Error:0.0e-0} | {parity.Float32Tolerance:0.0e-0} | {parity.Float64Error:0.0e-0} | {(parity.IsSame ? "yes" : "NO")} |"));

    public void StartMeasurements()
    {
        Write(string.Empty);
        Write($"| {"network",-34} | pixels | step  | batch | CloudPipe ms | images/s | of ceiling | memory GB | PyTorch ms | memory GB | ratio |");
        Write($"| {new string('-', 34)} | -----: | ----- | ----: | -----------: | -------: | ---------: | --------: | ---------: | --------: | ----: |");
    }

    public void WriteMeasurement(string architecture, int side, GpuMeasurement measurement, double? ceilingShare) => Write(string.Create(
        CultureInfo.InvariantCulture,
        $"| {architecture,-34} | {side,6} | {measurement.Step} | {measurement.Batch,5} | {measurement.Seconds * 1000,12:0.0} | {measurement.Batch / measurement.Seconds,8:0.0} | {ceilingShare,10:0%} | {measurement.Bytes / 1e9,9:0.0} | {measurement.PeerSeconds * 1000,10:0.0} | {measurement.PeerBytes / 1e9,9:0.0} | {measurement.Ratio,5:0.00} |"));

    /// <summary>Says on the screen at once, and below the tables, what is no row.</summary>
    public void Add(string note)
    {
        Console.WriteLine($"  {note}");
        _notes.Add(note);
    }

    /// <summary>Writes the notes to the file; on the screen they stand already.</summary>
    public void WriteNotes()
    {
        foreach (string note in _notes)
            _file?.WriteLine($"\n- {note}");
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Write(string line)
    {
        Console.WriteLine(line);
        _file?.WriteLine(line);
    }
}
