using System.Text.Json;
using System.Text.RegularExpressions;
using CloudPipe.Tests.Support;

namespace CloudPipe.Deployment.Tests.Support;

/// <summary>One Dockerfile's instructions.</summary>
internal sealed partial class Dockerfile
{
    public Dockerfile(string path)
    {
        Path = path;
        string text = string.Join('\n', File.ReadAllLines(System.IO.Path.Combine(Repository.Root, path)).Where(line => !line.StartsWith('#')));
        Instructions = [.. Continuation().Replace(text, " ").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split((char[])[' ', '\t'], 2, StringSplitOptions.TrimEntries)).Select(parts => (parts[0], parts[1]))];
    }

    /// <summary>Every Dockerfile, by its path below the repository.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        [.. Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "infra/docker"), "*Dockerfile")
            .Select(file => System.IO.Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal)];

    public string Path { get; }

    public IReadOnlyList<(string Name, string Value)> Instructions { get; }

    /// <summary>The instructions of the image itself: of its last stage.</summary>
    public IReadOnlyList<(string Name, string Value)> LastStage =>
        [.. Instructions.Skip(Instructions.Select((instruction, index) => (instruction, index)).Last(item => item.instruction.Name == "FROM").index)];

    /// <summary>The arguments with their defaults.</summary>
    public IReadOnlyDictionary<string, string> Arguments => Instructions.Where(instruction => instruction.Name == "ARG" && instruction.Value.Contains('='))
        .Select(instruction => instruction.Value.Split('=', 2)).GroupBy(parts => parts[0]).ToDictionary(group => group.Key, group => group.First()[1]);

    /// <summary>The names of its stages.</summary>
    public IReadOnlyList<string> Stages => [.. Of("FROM").Select(from => from.Split(' ')).Where(words => words.Length == 3).Select(words => words[2])];

    /// <summary>The images that it is built from, arguments filled in, without its own stages.</summary>
    public IEnumerable<string> BaseImages => Of("FROM").Select(from => Expand(from.Split(' ')[0])).Where(image => !Stages.Contains(image));

    /// <summary>What it takes from the repository.</summary>
    public IEnumerable<string> CopiedPaths => Of("COPY").Where(copy => !copy.StartsWith("--from", StringComparison.Ordinal)).SelectMany(copy => copy.Split(' ')[..^1]);

    /// <summary>The environment of the image and of the steps that build it.</summary>
    public IEnumerable<string> EnvironmentNames => Of("ENV").SelectMany(env => Name().Matches(env).Select(match => match.Groups[1].Value));

    public IEnumerable<string> Of(string name) => Instructions.Where(instruction => instruction.Name == name).Select(instruction => instruction.Value);

    /// <summary>The one value of an instruction of the last stage.</summary>
    public string Single(string name) => LastStage.Last(instruction => instruction.Name == name).Value;

    /// <summary>An instruction in JSON form.</summary>
    public IReadOnlyList<string> Words(string name) => JsonSerializer.Deserialize<string[]>(Single(name))!;

    public string Expand(string text) => Argument().Replace(text, match => Arguments[match.Groups[1].Value]);

    [GeneratedRegex(@"\\\s*\n\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Argument();

    [GeneratedRegex(@"(?:^|\s)([A-Za-z_]\w*)=")]
    private static partial Regex Name();
}
