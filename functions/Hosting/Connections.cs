namespace CloudPipe.Functions.Hosting;

/// <summary>The names of the settings that hold the triggers' connections, as the Azure Functions host reads them.</summary>
public static class Connections
{
    /// <summary>The storage account; <c>CloudPipeStorage__blobServiceUri</c> and <c>CloudPipeStorage__queueServiceUri</c> with a managed identity.</summary>
    public const string Storage = "CloudPipeStorage";

    /// <summary>The Service Bus namespace; <c>CloudPipeServiceBus__fullyQualifiedNamespace</c> with a managed identity.</summary>
    public const string ServiceBus = "CloudPipeServiceBus";
}
