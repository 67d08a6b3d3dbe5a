using System.CommandLine;
using System.CommandLine.Help;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Commands;

/// <summary>The <c>cloudpipe</c> command: parses, runs, and turns every end into an <see cref="ExitCode"/>.</summary>
public static class CommandLineApplication
{
    // Ctrl-C gives messages in hand back before the process ends. Whoever stops containers waits ten seconds.
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(9);

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The words after <c>cloudpipe</c>.</param>
    /// <param name="output">Where it writes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, CommandOutput output, CancellationToken cancellationToken = default)
    {
        ParseResult parsed = CreateRoot(output).Parse(arguments);
        var invocation = new InvocationConfiguration
        {
            Output = output.Out,
            Error = output.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = _stopTimeout,
        };
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
            {
                await output.Error.WriteLineAsync($"cloudpipe: {message}").ConfigureAwait(false);
            }

            await output.Error.WriteLineAsync($"'{Path(parsed)} --help' shows how it is used.").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandFailedException exception)
        {
            await output.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return exception.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await output.Error.WriteLineAsync("cloudpipe: stopped.").ConfigureAwait(false);
            return ExitCode.Failure;
        }
        catch (Exception exception)
        {
            bool verbose = parsed.GetValue(CommandSettings.VerboseOption);
            await output.Error.WriteLineAsync($"cloudpipe: {(verbose ? exception.ToString() : exception.Message)}").ConfigureAwait(false);
            return ExitCode.Failure;
        }
    }

    private static RootCommand CreateRoot(CommandOutput output)
    {
        var root = new RootCommand(
            $"""
            Scores sewer-inspection video: on this machine, or for a storage account.

            Exit codes: {ExitCode.Success} done; {ExitCode.Failure} failed; {ExitCode.Usage} wrong command line or configuration; {ExitCode.SomeInspectionsFailed} done, but some inspections
            were rejected or failed; {ExitCode.NotFound} not found; {ExitCode.TimedOut} timed out.
            """)
        {
            UpCommand.Create(output),
            FunctionsCommand.Create(output),
            WorkerCommand.Create(output),
            SubmitCommand.Create(output),
            StatusCommand.Create(output),
            RunsCommand.Create(output),
            ResultsCommand.Create(output),
            TrainCommand.Create(output),
            DatasetCommand.Create(output),
            WeightsCommand.Create(output),
            QueueCommand.Create(output),
            ConfigCommand.Create(output),
            BenchCommand.Create(output),
            DemoCommand.Create(output),
        };
        root.Options.Add(CommandSettings.BucketOption);
        root.Options.Add(CommandSettings.SetOption);
        root.Options.Add(CommandSettings.VerboseOption);
        root.Options.Add(CommandSettings.JsonLogsOption);
        return root;
    }

    private static string Path(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "cloudpipe" : $"cloudpipe {parsed.CommandResult.Command.Name}";
}
