using Azure.Core;

namespace Azure.Messaging.ServiceBus;

/// <summary>
/// The stand-in's client: it reaches the broker inside this process, by a connection string such as
/// <c>Endpoint=sb://in-process/name;UseDevelopmentEmulator=true</c>. Clients of the same name share their queues.
/// </summary>
public class ServiceBusClient : IAsyncDisposable
{
    private readonly InProcessBroker? _broker;

    public ServiceBusClient(string connectionString)
        : this(connectionString, new ServiceBusClientOptions())
    {
    }

    public ServiceBusClient(string connectionString, ServiceBusClientOptions options)
    {
        _broker = InProcessBroker.Connect(connectionString);
        FullyQualifiedNamespace = InProcessBroker.Host;
        Identifier = options?.Identifier ?? Guid.NewGuid().ToString("N");
    }

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential)
        : this(fullyQualifiedNamespace, credential, new ServiceBusClientOptions())
    {
    }

    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential, ServiceBusClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(options);
        throw InProcessBroker.Unreachable(fullyQualifiedNamespace);
    }

    protected ServiceBusClient()
    {
    }

    public virtual string FullyQualifiedNamespace { get; } = string.Empty;

    public virtual string Identifier { get; } = string.Empty;

    public virtual bool IsClosed { get; private set; }

    private InProcessBroker Broker =>
        IsClosed ? throw new ObjectDisposedException(nameof(ServiceBusClient)) : _broker ?? throw new InvalidOperationException("This client was made for mocking.");

    public virtual ServiceBusSender CreateSender(string queueOrTopicName) => new(Broker, queueOrTopicName, FullyQualifiedNamespace);

    public virtual ServiceBusReceiver CreateReceiver(string queueName) => CreateReceiver(queueName, new ServiceBusReceiverOptions());

    public virtual ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) =>
        new(Broker, queueName, options ?? new ServiceBusReceiverOptions(), FullyQualifiedNamespace);

    public virtual ValueTask DisposeAsync()
    {
        IsClosed = true;
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
