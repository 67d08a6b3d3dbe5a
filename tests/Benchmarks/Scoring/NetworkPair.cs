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

    /// <summary>Why the peer takes no part; null where it does.</summary>
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
            pair.WhyAlone = await pair.BuildTheirsAsync(command);
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
    /// <exception cref="WorkerProcessException">One of the sides failed.</exception>
    public async Task<GpuMeasurement?> CompareAsync(string step, int batch)
    {
        // The first pass warms up and tells what fits, the second how long one takes.
        if (await OursAsync(step, batch, 1) is null || (_theirs is not null && await TheirsAsync(step, batch, 1) is null) || await OursAsync(step, batch, 1) is not { } once)
            return null;

        int passes = (int)Math.Clamp(Math.Ceiling(TurnSeconds / once), 1, MostPasses);
        var ours = new List<double>();
        var theirs = new List<double>();
        for (int round = 0; round < _options.Rounds; round++)
        {
            // Who goes first changes with every round.
            bool weStart = round % 2 == 0;
            if (!weStart && _theirs is not null)
                theirs.Add(await TheirsAsync(step, batch, passes) ?? double.NaN);

            ours.Add(await OursAsync(step, batch, passes) ?? double.NaN);
            if (weStart && _theirs is not null)
                theirs.Add(await TheirsAsync(step, batch, passes) ?? double.NaN);
        }

        return _theirs is null
            ? new GpuMeasurement(step, batch, Median(ours), BytesOf(_ours), null, null, null)
            : new GpuMeasurement(step, batch, Median(ours), BytesOf(_ours), Median(theirs), BytesOf(_theirs), Median(ours.Zip(theirs, (our, their) => our / their)));
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

    private async Task<string?> BuildTheirsAsync(string command)
    {
        string why;
        try
        {
            string answer = _theirs is null ? $"'{_options.Python}' does not start" : await _theirs.AskAsync(command);
            if (answer == "ready")
                return null;

            why = answer;
        }
        catch (WorkerProcessException exception)
        {
            why = exception.Message;
        }

        _theirs?.Dispose();
        _theirs = null;
        return why;
    }

    private async Task<double?> OursAsync(string step, int batch, int passes) => Seconds("CloudPipe", await _ours.AskAsync($"{step} {batch} {passes}"));

    private async Task<double?> TheirsAsync(string step, int batch, int passes) => Seconds("PyTorch", await _theirs!.AskAsync($"{step} {batch} {passes}"));

    private long? BytesOf(WorkerProcess process) => _options.Device == "cpu" ? process.PeakBytes : NvidiaDriver.BytesOf(process.Id);
}
