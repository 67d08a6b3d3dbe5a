using CloudPipe.Deployment.Tests.Support;

namespace CloudPipe.Deployment.Tests.Bicep;

public sealed class SecretTests
{
    [Fact]
    public void No_service_is_asked_for_its_keys() => Assert.Empty(BicepFiles.Templates
        .SelectMany(file => file.Root.Descendants().Where(node => node.Type is "identifier" or "property_identifier" or "string_content"
                && (node.Text!.StartsWith("list", StringComparison.OrdinalIgnoreCase) && node.Text.Contains("Key", StringComparison.OrdinalIgnoreCase)
                    || node.Text.Contains("AccountKey", StringComparison.OrdinalIgnoreCase) || node.Text.Contains("SharedAccessKey", StringComparison.OrdinalIgnoreCase)))
            .Select(node => $"{file.Path}:{node.Line}: {node.Text}")));

    [Fact]
    public void No_service_takes_keys()
    {
        Assert.All(All("Microsoft.Storage/storageAccounts"), account =>
        {
            Assert.Equal("false", account.At("properties", "allowSharedKeyAccess")?.Source);
            Assert.Equal("false", account.At("properties", "allowBlobPublicAccess")?.Source);
            Assert.Equal("TLS1_2", account.At("properties", "minimumTlsVersion")?.StringValue);
        });
        Assert.All(All("Microsoft.ServiceBus/namespaces"), item => Assert.Equal("true", item.At("properties", "disableLocalAuth")?.Source));
        Assert.All(All("Microsoft.ContainerRegistry/registries"), item => Assert.Equal("false", item.At("properties", "adminUserEnabled")?.Source));
        Assert.All(All("Microsoft.OperationalInsights/workspaces"), item => Assert.Equal("true", item.At("properties", "features", "disableLocalAuth")?.Source));
        Assert.All(All("Microsoft.KeyVault/vaults"), item =>
        {
            Assert.Equal("true", item.At("properties", "enableRbacAuthorization")?.Source);
            Assert.Equal("true", item.At("properties", "enablePurgeProtection")?.Source);
        });
    }

    [Fact]
    public void The_one_key_is_read_where_the_code_is_there_already_and_goes_into_a_secret_parameter()
    {
        var reads = BicepFiles.Templates.SelectMany(file => file.Root.DescendantsOf("call_expression")
            .Where(call => call.Parts[0].Source.EndsWith(".getSecret", StringComparison.Ordinal)).Select(call => (file.Path, call.Source))).ToArray();

        Assert.NotEmpty(reads);
        Assert.All(reads, read => Assert.Equal(("bicep/events.bicep", "vault.getSecret(hostKeys.blobs)"), read));
        Assert.Contains("secure", BicepFiles.Module("event-subscription").Named("blobsKey").Decorators);
    }

    [Fact]
    public void What_is_made_at_random_is_secret()
    {
        BicepDeclaration[] random = [.. BicepFiles.Templates.SelectMany(file => file.Parameters)
            .Where(parameter => parameter.Node.DescendantsOf("call_expression").Any(call => call.Parts[0].Source == "newGuid"))];

        Assert.Equal(3, random.Length);
        Assert.All(random, parameter => Assert.Contains("secure", parameter.Decorators));
    }

    [Fact]
    public void The_keys_of_the_host_lie_where_it_looks_for_them()
    {
        // Names that the host reads below /run/secrets/functions-keys; 'blobs' + '_extension' is its name for the extension's key.
        BicepNode app = BicepFiles.Module("functions-app").Named("app").Body;
        string[] files = [.. app.DescendantsOf("object").Select(body => body.Property("path")?.StringValue).OfType<string>().Where(path => path.StartsWith("host.", StringComparison.Ordinal))];

        Assert.Equal(["host.master", "host.function.default", "host.systemKey.blobs_extension"], files);
        Assert.Contains(app.DescendantsOf("object"), body => body.Property("mountPath")?.StringValue == "/run/secrets/functions-keys");
        Assert.Equal(
            BicepFiles.Names.Names("hostKeys").Keys.Select(key => $"hostKeys.{key}").Order(StringComparer.Ordinal),
            BicepFiles.Module("key-vault").ResourcesOf("Microsoft.KeyVault/vaults/secrets").Select(secret => secret.Body.Property("name")!.Source).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<BicepNode> All(string type)
    {
        BicepNode[] found = [.. BicepFiles.Templates.SelectMany(file => file.ResourcesOf(type)).Select(resource => resource.Body)];
        Assert.NotEmpty(found);
        return found;
    }
}
