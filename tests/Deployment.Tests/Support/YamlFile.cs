using CloudPipe.Tests.Support;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace CloudPipe.Deployment.Tests.Support;

/// <summary>A YAML file, with what its anchors and merge keys stand for filled in.</summary>
internal static class YamlFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path below the repository.</param>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static IReadOnlyDictionary<string, object> Read(string path)
    {
        using var reader = new StreamReader(Path.Combine(Repository.Root, path));
        return Mapping(new DeserializerBuilder().Build().Deserialize<object>(new MergingParser(new Parser(reader))));
    }

    public static IReadOnlyDictionary<string, object> Mapping(object node) =>
        ((IDictionary<object, object>)node).ToDictionary(pair => (string)pair.Key, pair => pair.Value ?? "");

    public static IReadOnlyList<object> Sequence(object node) => [.. (IList<object>)node];

    public static IReadOnlyList<string> Strings(object node) => [.. Sequence(node).Cast<string>()];
}
