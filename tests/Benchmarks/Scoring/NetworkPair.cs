using System.ComponentModel;
using System.Globalization;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>A network twice: in a process of ours and in one of PyTorch, which run in turns, never at the same time.</summary>
internal sealed class NetworkPair : IDisposable
{
    // A turn lasts about so long, so that starting it weighs nothing.
    private const double TurnSeconds = 0.3;

    private const int MostPasses = 100;

    private readonly GpuBenchmarkOptions _options;
    private readonly WorkerProcess _ours;
    private WorkerProcess? _theirs;

    private NetworkPair(GpuBenchmarkOptions options)
    {
        _options = options;
        _ours = StartOurs(options);
        _theirs = StartTheirs(options);
    }

    /// <summary>Why the peer takes no part (any more); null where it does.</summary>
    public string? WhyAlone { get; private set; }

    public static WorkerProcess StartOurs(GpuBenchmarkOptions options) => WorkerProcess.OfThisProgram(NetworkServer.Command, options.Device);

    /// <returns>Null where there is no such Python.</returns>
    public static WorkerProcess? StartTheirs(GpuBenchmarkOptions options)
    {
        try
        {
            string script = Path.Combine(AppContext.BaseDirectory, "Scoring", "network_peer.py");
            return new WorkerProcess(options.Python, script, options.Device, Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Builds the network on both sides.</summary>
    /// <exception cref="WorkerProcessException">Ours failed.</exception>
    public static async Task<NetworkPair> StartAsync(GpuBenchmarkOptions options, string architecture)
    {
        var pair = new NetworkPair(options);
        try
        {
            string command = $"network {architecture} {options.SideOf(architecture)}";
            Check("CloudPipe", await pair._ours.AskAsync(command));
            await pair.BuildTheirsAsync(command);
            return pair;
        }
        catch
        {
            pair.Dispose();
            throw;
        }
    }

    /// <summary>Our network's multiplications with addition for one super-image.</summary>
    public async Task<double> CountOperationsAsync() => double.Parse(Check("CloudPipe", await _ours.AskAsync("operations")), CultureInfo.InvariantCulture);

    /// <summary>Runs both in turns.</summary>
    /// <param name="step"><c>score</c> or <c>train</c>.</param>
    /// <param name="batch">Super-images at once.</param>
    /// <returns>Null where the batch does not fit on one of the sides.</returns>
    /// <exception cref="WorkerProcessException">Ours failed. Where the peer fails, ours goes on alone.</exception>
    public async Task<GpuMeasurement?> CompareAsync(string step, int batch)
    {
        // The first pass warms up and tells what fits, the second how long one takes.
        if (await OursAsync(step, batch, 1) is null || await TheirsAsync(step, batch, 1) is null || await OursAsync(step, batch, 1) is not { } once)
            return null;

        int passes = (int)Math.Clamp(Math.Ceiling(TurnSeconds / once), 1, MostPasses);
        var pairs = new List<(double Ours, double Theirs)>();
        for (int round = 0; round < _options.Rounds; round++)
        {
            // Who goes first changes with every round.
            double? early = round % 2 == 0 ? null : await TheirsAsync(step, batch, passes);
            double ours = await OursAsync(step, batch, passes) ?? double.NaN;
            pairs.Add((ours, early ?? await TheirsAsync(step, batch, passes) ?? double.NaN));
        }

        double median = Median(pairs.Select(pair => pair.Ours));
        return _theirs is null
            ? new GpuMeasurement(step, batch, median, BytesOf(_ours), null, null, null)
            : new GpuMeasurement(step, batch, median, BytesOf(_ours), Median(pairs.Select(pair => pair.Theirs)), BytesOf(_theirs), Median(pairs.Select(pair => pair.Ours / pair.Theirs)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ours.Dispose();
        _theirs?.Dispose();
    }

    private static string Check(string side, string answer) =>
        answer.StartsWith("error ", StringComparison.Ordinal) ? throw new WorkerProcessException($"{side}: {answer["error ".Length..]}") : answer;

    private static double? Seconds(string side, string answer) =>
        Check(side, answer) == "memory" ? null : double.Parse(answer, CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private async Task BuildTheirsAsync(string command)
    {
        string answer = $"'{_options.Python}' does not start";
        try
        {
            if (_theirs is not null)
                answer = await _theirs.AskAsync(command);
        }
        catch (WorkerProcessException exception)
        {
            answer = exception.Message;
        }

        if (answer != "ready")
            GoOnAlone(answer);
    }

    private void GoOnAlone(string why)
    {
        WhyAlone = why;
        _theirs?.Dispose();
        _theirs = null;
    }

    private async Task<double?> OursAsync(string step, int batch, int passes) => Seconds("CloudPipe", await _ours.AskAsync($"{step} {batch} {passes}"));

    /// <returns>Seconds a pass; no number where the peer takes no part (any more); null where the batch does not fit.</returns>
    private async Task<double?> TheirsAsync(string step, int batch, int passes)
    {
        if (_theirs is null)
            return double.NaN;

        try
        {
            return Seconds("PyTorch", await _theirs.AskAsync($"{step} {batch} {passes}"));
        }
        catch (WorkerProcessException exception)
        {
            GoOnAlone(exception.Message);
            return double.NaN;
        }
    }

    private long? BytesOf(WorkerProcess process) => _options.Device == "cpu" ? process.PeakBytes : NvidiaDriver.BytesOf(process.Id);
}
