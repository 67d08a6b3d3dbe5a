using System.Text.Json;
using CloudPipe.Deployment.Tests.Support;
using CloudPipe.Tests.Support;

namespace CloudPipe.Deployment.Tests.FunctionsHost;

/// <summary>functions/local.settings.json.example: the functions in the real host on a developer's machine.</summary>
public sealed class LocalSettingsTests
{
    private const string Path = "functions/local.settings.json.example";

    private static readonly IReadOnlyDictionary<string, string> _values = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(Repository.Root, Path)))
        .RootElement.GetProperty("Values").Deserialize<Dictionary<string, string>>()!;

    [Fact]
    public void Something_reads_every_setting() => Assert.All(_values.Keys, name => Assert.True(KnownSettings.Contains(name), $"{Path}: nothing reads {name}."));

    [Fact]
    public void Every_connection_of_the_triggers_is_set() => Assert.All(KnownSettings.Connections, connection => Assert.Contains(connection, _values.Keys));

    [Fact]
    public void The_functions_are_set_up_as_in_compose()
    {
        IReadOnlyDictionary<string, object> services = YamlFile.Mapping(YamlFile.Read("infra/docker/compose.yaml")["services"]);
        IReadOnlyDictionary<string, object> environment = YamlFile.Mapping(YamlFile.Mapping(services["functions"])["environment"]);

        Assert.Equal(
            environment.Where(IsOwn).Select(setting => (setting.Key, (string)setting.Value)).Order(),
            _values.Where(setting => IsOwn(new(setting.Key, setting.Value))).Select(setting => (setting.Key, setting.Value)).Order());

        // Where the servers are is another matter in a container.
        static bool IsOwn(KeyValuePair<string, object> setting) =>
            setting.Key.StartsWith("CloudPipe__", StringComparison.Ordinal) && !setting.Key.EndsWith("ConnectionString", StringComparison.Ordinal);
    }

    [Fact]
    public void It_opens_nothing_but_emulators() => Assert.All(
        _values.Where(setting => setting.Value.Contains('=', StringComparison.Ordinal)),
        setting => Assert.Matches("UseDevelopment(Storage|Emulator)=true", setting.Value));
}
