using System.Text.Json;
using System.Xml;
using CloudPipe.Deployment.Tests.Support;
using CloudPipe.Local.Commands;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Deployment.Tests.Docker;

public sealed class ComposeTests
{
    private const string Path = "infra/docker/compose.yaml";

    private static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, object>> _services =
        YamlFile.Mapping(YamlFile.Read(Path)["services"]).ToDictionary(service => service.Key, service => YamlFile.Mapping(service.Value));

    private static IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, object>>> Built => _services.Where(service => service.Value.ContainsKey("build"));

    [Fact]
    public void Both_ways_have_functions_and_workers() => Assert.Equal(
        ["functions", "local-functions", "local-worker", "worker"], Built.Select(service => service.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_image_is_built_from_a_Dockerfile_or_pinned() => Assert.All(_services, service =>
    {
        if (service.Value.TryGetValue("build", out object? build))
        {
            string context = System.IO.Path.GetFullPath((string)YamlFile.Mapping(build)["context"], System.IO.Path.Combine(Repository.Root, "infra/docker"));
            Assert.Equal(Repository.Root, context);
            Assert.Contains((string)YamlFile.Mapping(build)["dockerfile"], Dockerfile.Paths);
        }
        else
        {
            Assert.Matches(@":[\w.-]*\d[\w.-]*$", (string)service.Value["image"]);
        }
    });

    [Fact]
    public void One_name_is_one_image() => Assert.All(
        Built.GroupBy(service => (string)service.Value["image"]), group => Assert.Single(group.Select(service => YamlFile.Mapping(service.Value["build"])["dockerfile"]).Distinct()));

    [Theory]
    [InlineData("worker")]
    [InlineData("local-functions")]
    [InlineData("local-worker")]
    public async Task The_command_is_one_of_cloudpipes(string service) => Assert.Equal(
        ExitCode.Success,
        await CommandLineApplication.RunAsync([.. YamlFile.Strings(_services[service]["command"]), "--help"], new CommandOutput(TextWriter.Null, TextWriter.Null, false)));

    [Fact]
    public void Build_arguments_are_known() => Assert.All(Built, service =>
    {
        IReadOnlyDictionary<string, object> build = YamlFile.Mapping(service.Value["build"]);
        IEnumerable<string> names = build.TryGetValue("args", out object? arguments) ? YamlFile.Mapping(arguments).Keys : [];
        Assert.All(names, name => Assert.Contains(name, new Dockerfile((string)build["dockerfile"]).Arguments.Keys));
    });

    [Fact]
    public void Something_reads_every_setting() => Assert.All(
        _services.Where(service => service.Value.ContainsKey("environment")).SelectMany(service => YamlFile.Mapping(service.Value["environment"]).Keys),
        name => Assert.True(KnownSettings.Contains(name), $"{Path}: nothing reads {name}."));

    [Fact]
    public void CloudPipes_own_containers_may_write_little() => Assert.All(Built, service =>
    {
        Assert.Equal("true", service.Value["read_only"]);
        Assert.Equal(["ALL"], YamlFile.Strings(service.Value["cap_drop"]));
        Assert.Contains("no-new-privileges:true", YamlFile.Strings(service.Value["security_opt"]));
        Assert.Contains("/tmp", YamlFile.Strings(service.Value["tmpfs"]));
    });

    [Fact]
    public void Ports_are_open_to_this_machine_alone() => Assert.All(
        _services.Where(service => service.Value.ContainsKey("ports")).SelectMany(service => YamlFile.Strings(service.Value["ports"])),
        port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));

    [Fact]
    public void The_functions_port_is_that_of_their_image()
    {
        string exposed = new Dockerfile("infra/docker/functions.Dockerfile").Single("EXPOSE");

        Assert.Equal([$"127.0.0.1:8080:{exposed}"], YamlFile.Strings(_services["functions"]["ports"]));
    }

    [Fact]
    public void Every_connection_of_the_triggers_is_set() =>
        Assert.All(KnownSettings.Connections, connection => Assert.Contains(connection, YamlFile.Mapping(_services["functions"]["environment"]).Keys));

    [Fact]
    public void What_a_service_waits_for_is_there_with_it() => Assert.All(
        _services.Where(service => service.Value.ContainsKey("depends_on")),
        service => Assert.All(YamlFile.Mapping(service.Value["depends_on"]), other =>
        {
            Assert.Contains(other.Key, _services.Keys);
            if (_services[other.Key].TryGetValue("profiles", out object? profiles))
                Assert.Empty(YamlFile.Strings(service.Value["profiles"]).Except(YamlFile.Strings(profiles)));
            if ((string)YamlFile.Mapping(other.Value)["condition"] == "service_healthy")
                Assert.Contains("healthcheck", _services[other.Key].Keys);
        }));

    [Fact]
    public void The_containers_are_those_of_the_code() => Assert.Equal(
        BlobContainers.All.Order(StringComparer.Ordinal),
        ((string)YamlFile.Mapping(_services["containers"]["environment"])["CONTAINERS"]).Split(' ').Order(StringComparer.Ordinal));

    [Fact]
    public void Azurite_is_the_one_of_the_tests()
    {
        using JsonDocument package = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(Repository.Root, "infra/azurite/package.json")));

        Assert.EndsWith($":{package.RootElement.GetProperty("dependencies").GetProperty("azurite").GetString()}", (string)_services["azurite"]["image"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_emulators_queues_are_those_of_the_code()
    {
        string mounted = YamlFile.Strings(_services["service-bus"]["volumes"]).Single().Split(':')[0];
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(Repository.Root, "infra/docker", mounted)));
        JsonElement emulated = document.RootElement.GetProperty("UserConfig").GetProperty("Namespaces").EnumerateArray().Single();

        Assert.Equal("sbemulatorns", emulated.GetProperty("Name").GetString());
        Assert.Equal(
            QueueNames.All.Order(StringComparer.Ordinal),
            emulated.GetProperty("Queues").EnumerateArray().Select(queue => queue.GetProperty("Name").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(emulated.GetProperty("Queues").EnumerateArray().Select(queue => queue.GetProperty("Properties")), properties =>
        {
            Assert.Equal(new QueueOptions().DeliveryLimit, properties.GetProperty("MaxDeliveryCount").GetInt32());
            Assert.Equal(TimeSpan.FromMinutes(5), XmlConvert.ToTimeSpan(properties.GetProperty("LockDuration").GetString()!));
            Assert.True(properties.GetProperty("RequiresDuplicateDetection").GetBoolean());
            Assert.Equal(ServiceBusMessageQueue.DuplicateWindow, XmlConvert.ToTimeSpan(properties.GetProperty("DuplicateDetectionHistoryTimeWindow").GetString()!));
            Assert.True(properties.GetProperty("DeadLetteringOnMessageExpiration").GetBoolean());
        });
    }
}
