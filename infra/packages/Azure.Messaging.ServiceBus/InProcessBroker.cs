using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus.Administration;

namespace Azure.Messaging.ServiceBus;

/// <summary>One namespace inside this process: what a real one does with queues, without sessions, topics and transactions.</summary>
internal sealed class InProcessBroker
{
    public const string Host = "in-process";

    private static readonly ConcurrentDictionary<string, InProcessBroker> _namespaces = new();

    private readonly ConcurrentDictionary<string, InProcessQueue> _queues = new(StringComparer.OrdinalIgnoreCase);

    private InProcessBroker(TimeProvider timeProvider) => TimeProvider = timeProvider;

    public TimeProvider TimeProvider { get; }

    /// <summary>Makes a namespace whose time a test moves.</summary>
    /// <returns>Its connection string.</returns>
    public static string Create(TimeProvider timeProvider)
    {
        string name = Guid.NewGuid().ToString("N");
        _namespaces[name] = new InProcessBroker(timeProvider);
        return $"Endpoint=sb://{Host}/{name};UseDevelopmentEmulator=true";
    }

    public static InProcessBroker Connect(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        string? endpoint = connectionString.Split(';')
            .Select(part => part.Split('=', 2))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0].Trim().Equals("Endpoint", StringComparison.OrdinalIgnoreCase))?[1];
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address))
        {
            throw new FormatException("The connection string could not be parsed; it names no Endpoint=sb://….");
        }

        return address.Host == Host
            ? _namespaces.GetOrAdd(address.AbsolutePath.Trim('/'), _ => new InProcessBroker(TimeProvider.System))
            : throw Unreachable(address.Host);
    }

    public static NotSupportedException Unreachable(string host) => new(
        $"This build of CloudPipe cannot reach the Service Bus namespace '{host}': it was built from source, without the package Azure.Messaging.ServiceBus. "
        + $"Build it with -p:CloudPipePackages=nuget, or use Azure Storage Queues. (Tests reach a broker inside the process by Endpoint=sb://{Host}/name;UseDevelopmentEmulator=true.)");

    public InProcessQueue Find(string name) => _queues.TryGetValue(name, out InProcessQueue? queue)
        ? queue
        : throw new ServiceBusException($"The messaging entity '{name}' could not be found.", ServiceBusFailureReason.MessagingEntityNotFound, name);

    public bool Exists(string name) => _queues.ContainsKey(name);

    public InProcessQueue Create(CreateQueueOptions options)
    {
        var queue = new InProcessQueue(options, TimeProvider);
        return _queues.TryAdd(options.Name, queue)
            ? queue
            : throw new ServiceBusException($"The messaging entity '{options.Name}' exists already.", ServiceBusFailureReason.MessagingEntityAlreadyExists, options.Name);
    }

    public void Delete(string name)
    {
        Find(name);
        _queues.TryRemove(name, out _);
    }
}
