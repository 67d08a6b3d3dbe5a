using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using CloudPipe.Deployment.Tests.Support;
using CloudPipe.Tests.Support;

namespace CloudPipe.Deployment.Tests.Azd;

public sealed partial class AzureYamlTests
{
    private const string Hook = "infra/azd/postdeploy.sh";

    private static readonly IReadOnlyDictionary<string, object> _file = YamlFile.Read("azure.yaml");

    private static IReadOnlyDictionary<string, IReadOnlyDictionary<string, object>> Services =>
        YamlFile.Mapping(_file["services"]).ToDictionary(service => service.Key, service => YamlFile.Mapping(service.Value));

    [Fact]
    public void It_deploys_the_template_with_its_parameters()
    {
        IReadOnlyDictionary<string, object> infra = YamlFile.Mapping(_file["infra"]);
        string template = $"{infra["path"]}/{infra["module"]}";

        Assert.Equal(BicepFiles.Main.Path, BicepFiles.At($"{template}.bicepparam").Using);
    }

    [Fact]
    public void Every_service_is_tagged_in_the_template_and_every_tag_is_a_service()
    {
        string[] tags = [.. BicepFiles.Templates.SelectMany(file => file.Root.DescendantsOf("object"))
            .Select(body => body.Property("azd-service-name")?.StringValue).OfType<string>()];

        Assert.Equal(Services.Keys.Order(StringComparer.Ordinal), tags.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_service_is_built_from_a_Dockerfile_of_the_repository() => Assert.All(Services.Values, service =>
    {
        IReadOnlyDictionary<string, object> docker = YamlFile.Mapping(service["docker"]);
        Assert.Equal("containerapp", service["host"]);
        Assert.Equal((".", "."), (service["project"], docker["context"]));
        Assert.Contains((string)docker["path"], Dockerfile.Paths);
    });

    [Fact]
    public void A_deployment_keeps_the_images_that_are_running() => Assert.All(Services.Keys, service => Assert.Contains(
        $"readEnvironmentVariable('SERVICE_{service.ToUpperInvariant()}_IMAGE_NAME',''",
        BicepFiles.At("bicep/main.bicepparam").Root.Source, StringComparison.Ordinal));

    [Fact]
    [SupportedOSPlatform("linux")]
    public void The_hooks_are_there_and_can_be_run()
    {
        string[] commands = [.. YamlFile.Mapping(_file["hooks"]).Values.Select(hook => (string)YamlFile.Mapping(YamlFile.Mapping(hook)["posix"])["run"])];

        Assert.Contains(Hook, commands);
        Assert.True(File.GetUnixFileMode(Path.Combine(Repository.Root, Hook)).HasFlag(UnixFileMode.UserExecute));
        // What the first hook sets is what the parameters read.
        string set = commands.Single(command => command.StartsWith("azd env set ", StringComparison.Ordinal));
        Assert.Contains($"bool(readEnvironmentVariable('{set.Split(' ')[3]}','true'))", BicepFiles.At("bicep/main.bicepparam").Named("rotateHostKeys").Value.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hook_uses_what_the_template_puts_out()
    {
        string[] used = [.. Variable().Matches(File.ReadAllText(Path.Combine(Repository.Root, Hook))).Select(match => match.Groups[1].Value).Distinct()];
        string[] outputs = [.. BicepFiles.Main.Outputs.Select(output => output.Name)];

        Assert.NotEmpty(used);
        Assert.All(used, name => Assert.Contains(name, outputs));
        Assert.Contains("AZURE_CONTAINER_REGISTRY_ENDPOINT", outputs);
    }

    [Fact]
    public void The_hook_gives_the_second_deployment_what_it_needs()
    {
        string script = File.ReadAllText(Path.Combine(Repository.Root, Hook));

        Assert.Contains($"--template-file {BicepFiles.Events.Path} ", script, StringComparison.Ordinal);
        Assert.Equal(
            BicepFiles.Events.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal),
            Parameter().Matches(script).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\$([A-Z][A-Z_]+)")]
    private static partial Regex Variable();

    [GeneratedRegex("""(\w+)="\$[A-Z]""")]
    private static partial Regex Parameter();
}
