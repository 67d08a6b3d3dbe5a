using CloudPipe.Configuration;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudPipe.Deployment.Tests.Support;

/// <summary>The environment names that something reads: CloudPipe's own keys, its connections, and the platform's.</summary>
internal static class KnownSettings
{
    /// <summary>Below a connection's name: https://learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection</summary>
    private static readonly string[] _connectionProperties = ["blobServiceUri", "queueServiceUri", "fullyQualifiedNamespace", "credential", "clientId"];

    /// <summary>Names that the Functions host, .NET, the Azure SDK, the shell, OpenMP or the emulators define.</summary>
    private static readonly string[] _platform =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "ASPNETCORE_URLS", "AZURE_CLIENT_ID",
        "AZURE_STORAGE_CONNECTION_STRING", "AzureFunctionsJobHost__logging__console__isEnabled", "AzureWebJobsSecretStorageType",
        "DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_ROOT", "DOTNET_gcServer", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME",
        "HOME", "OMP_WAIT_POLICY", "PATH", "TORCH_HOME",
        "ACCEPT_EULA", "MSSQL_SA_PASSWORD", "SQL_SERVER", // Microsoft's SQL Server and Service Bus emulator
        "CONTAINERS", // read by the command beside it
    ];

    private static readonly Lazy<IReadOnlyList<string>> _keys = new(FindKeys);

    /// <summary>CloudPipe's keys as environment names, <c>*</c> for an index.</summary>
    public static IReadOnlyList<string> Keys => _keys.Value;

    /// <summary>The connections of the triggers and of the Functions host.</summary>
    public static IReadOnlyList<string> Connections { get; } = [Functions.Hosting.Connections.Storage, Functions.Hosting.Connections.ServiceBus, "AzureWebJobsStorage"];

    /// <summary>Whether something reads a name.</summary>
    /// <param name="name">An environment name, <c>*</c> for what is put in.</param>
    public static bool Contains(string name) =>
        _platform.Contains(name, StringComparer.Ordinal)
        || Connections.Contains(name)
        || Connections.Any(connection => _connectionProperties.Any(property => name == $"{connection}__{property}"))
        || Keys.Contains(WithoutIndexes(name), StringComparer.Ordinal);

    private static string WithoutIndexes(string name) =>
        string.Join("__", name.Split("__").Select(part => int.TryParse(part, out _) ? "*" : part));

    private static IReadOnlyList<string> FindKeys()
    {
        using IHost host = LocalServices.Build(new CommandSettings());
        return [.. ConfigurationKey.Of(host.Services.GetServices<OptionsSection>()).Select(key => key.Path.Replace(":", "__", StringComparison.Ordinal))];
    }
}
