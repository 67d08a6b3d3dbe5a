using System.CommandLine;
using System.Globalization;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights;
using static TorchSharp.torch;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe weights</c>: what is in a weights file, whether it fits a network, and the same file as safetensors.</summary>
internal static class WeightsCommand
{
    public static Command Create(CommandOutput output) =>
        new("weights", "Looks into weights files (safetensors, PyTorch's .pth), converts them and checks whether they fit.")
        {
            CreateInspect(output),
            CreateConvert(output),
            CreateVerify(output),
        };

    private static Command CreateInspect(CommandOutput output)
    {
        Argument<string> path = FileArgument();
        Option<bool> ema = EmaOption();
        var json = new Option<bool>("--json") { Description = "Writes a JSON object, with every tensor." };
        var command = new Command("inspect", "Shows a file's tensors, and which networks it fits.") { path, ema, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            using WeightsFile file = Open(parsed.GetRequiredValue(path), parsed.GetValue(ema));
            IReadOnlyList<CatalogMatch> matches = WeightsCatalog.Find(file, cancellationToken);
            if (parsed.GetValue(json))
            {
                output.WriteJson(new
                {
                    file.Format,
                    file.StateDictionary,
                    Parameters = Parameters(file),
                    Bytes = file.Entries.Sum(entry => entry.ByteCount),
                    file.Metadata,
                    Fits = matches,
                    Tensors = file.Entries.Select(entry => new { entry.Key, Type = entry.Type.ToString(), entry.Shape, Bytes = entry.ByteCount }),
                });
                return Task.FromResult(ExitCode.Success);
            }

            WriteSummary(output, file, matches);
            output.WriteTable(
                ["tensor", "type", "shape", "bytes"],
                [.. file.Entries.Select(entry => (IReadOnlyList<string>)[entry.Key, entry.Type.ToString(), Shape(entry.Shape), Format(entry.ByteCount)])]);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static Command CreateConvert(CommandOutput output)
    {
        Argument<string> path = FileArgument();
        var target = new Argument<string>("OUT") { Description = "The safetensors file to write." };
        Option<bool> ema = EmaOption();
        var float16 = new Option<bool>("--float16") { Description = "Stores float tensors as float16." };
        var bfloat16 = new Option<bool>("--bfloat16") { Description = "Stores float tensors as bfloat16." };
        var architecture = new Option<string?>("--architecture") { Description = "The network of the weights: they get timm's names.", HelpName = "NAME" };
        var command = new Command("convert", "Writes a weights file as safetensors.") { path, target, ema, float16, bfloat16, architecture };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(float16) && parsed.GetValue(bfloat16))
            {
                throw new CommandFailedException(ExitCode.Usage, "Choose one of --float16 and --bfloat16.");
            }

            string name = parsed.GetRequiredValue(target);
            if (Path.GetDirectoryName(Path.GetFullPath(name)) is { } folder && !Directory.Exists(folder))
            {
                throw new CommandFailedException(ExitCode.NotFound, $"There is no folder '{folder}' to write to.");
            }

            ScalarType? type = parsed.GetValue(float16) ? ScalarType.Float16 : parsed.GetValue(bfloat16) ? ScalarType.BFloat16 : null;
            using WeightsFile file = Open(parsed.GetRequiredValue(path), parsed.GetValue(ema));
            int written = Known(() => WeightsConversion.Convert(file, name, type, parsed.GetValue(architecture)));
            output.Out.WriteLine($"{Format(written)} tensors, {Format(new FileInfo(name).Length)} bytes: {name}");
            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateVerify(CommandOutput output)
    {
        Argument<string> path = FileArgument();
        Option<bool> ema = EmaOption();
        var architecture = new Option<string>("--architecture") { Description = "The network.", HelpName = "NAME", Required = true };
        var classes = new Option<int?>("--classes") { Description = "How many classes it has (default: as many as the file).", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Writes the report as JSON." };
        classes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
            {
                result.AddError("--classes takes a number from 1.");
            }
        });
        var command = new Command("verify", $"Compares a file with a network, tensor by tensor; exit code {ExitCode.Success} when it fits, {ExitCode.Failure} when not.") { path, ema, architecture, classes, json };
        command.SetAction(parsed =>
        {
            using WeightsFile file = Open(parsed.GetRequiredValue(path), parsed.GetValue(ema));
            WeightsReport report = Known(() => WeightsCatalog.Verify(file, parsed.GetRequiredValue(architecture), parsed.GetValue(classes)));
            int exitCode = report.IsComplete ? ExitCode.Success : ExitCode.Failure;
            if (parsed.GetValue(json))
            {
                output.WriteJson(new { Fits = report.IsComplete, report.Naming, report.Keys });
                return exitCode;
            }

            output.WriteTable(
                ["tensor", "outcome", "network", "file", "name in the file"],
                [.. report.Keys.Select(key => (IReadOnlyList<string>)[key.Key, Describe(key.Outcome), Shape(key.Expected), Shape(key.Found), key.FileKey == key.Key ? string.Empty : key.FileKey ?? "-"])]);
            IEnumerable<string> counts = report.Keys.GroupBy(key => key.Outcome).OrderBy(group => group.Key).Select(group => $"{Format(group.Count())} {Describe(group.Key)}");
            output.Out.WriteLine($"{(report.IsComplete ? "fits" : "does not fit")}: {string.Join(", ", counts)}; names of {report.Naming.ToString().ToLowerInvariant()}");
            return exitCode;
        });
        return command;
    }

    private static Argument<string> FileArgument() => new("FILE") { Description = "A safetensors file, or a PyTorch file (.pth, .pt, .bin)." };

    private static Option<bool> EmaOption() => new("--ema") { Description = "Takes a checkpoint's averaged weights where it has some." };

    private static WeightsFile Open(string path, bool preferEma)
    {
        if (!File.Exists(path))
        {
            throw new CommandFailedException(ExitCode.NotFound, $"There is no weights file '{path}'.");
        }

        try
        {
            return WeightsFile.Open(path, preferEma);
        }
        catch (WeightsException exception)
        {
            throw new CommandFailedException(ExitCode.Failure, exception.Message);
        }
    }

    private static T Known<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (UnknownArchitectureException exception)
        {
            throw new CommandFailedException(ExitCode.Usage, exception.Message);
        }
        catch (WeightsException exception)
        {
            throw new CommandFailedException(ExitCode.Failure, exception.Message);
        }
    }

    private static void WriteSummary(CommandOutput output, WeightsFile file, IReadOnlyList<CatalogMatch> matches)
    {
        output.Out.WriteLine($"format      {(file.Format == WeightsFormat.Safetensors ? "safetensors" : "PyTorch")}");
        if (file.StateDictionary is { } name)
        {
            output.Out.WriteLine($"dictionary  {name}");
        }

        IEnumerable<string> types = file.Entries.GroupBy(entry => entry.Type).OrderByDescending(group => group.Count()).Select(group => $"{Format(group.Count())} {group.Key}");
        output.Out.WriteLine($"tensors     {Format(file.Entries.Count)} ({string.Join(", ", types)})");
        output.Out.WriteLine($"parameters  {Format(Parameters(file))}");
        output.Out.WriteLine($"bytes       {Format(file.Entries.Sum(entry => entry.ByteCount))}");
        foreach ((string key, string value) in file.Metadata)
        {
            output.Out.WriteLine($"metadata    {key} = {value}");
        }

        foreach (CatalogMatch match in matches)
        {
            output.Out.WriteLine($"fits        {match.Architecture}, {Format(match.ClassCount)} classes, names of {match.Naming.ToString().ToLowerInvariant()}");
        }

        if (matches.Count == 0)
        {
            output.Out.WriteLine("fits        no network of this version");
        }
    }

    // Floating-point tensors: a batch norm's counters learn nothing.
    private static long Parameters(WeightsFile file) => file.Entries
        .Where(entry => entry.Type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64)
        .Sum(entry => entry.ElementCount);

    private static string Describe(WeightsOutcome outcome) => outcome == WeightsOutcome.OtherShape ? "other shape" : outcome.ToString().ToLowerInvariant();

    private static string Shape(IReadOnlyList<long>? shape) => shape is null ? "-" : $"[{string.Join(", ", shape)}]";

    private static string Format(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
