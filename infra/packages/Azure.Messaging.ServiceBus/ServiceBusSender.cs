namespace Azure.Messaging.ServiceBus;

public class ServiceBusSender : IAsyncDisposable
{
    private readonly InProcessBroker? _broker;

    internal ServiceBusSender(InProcessBroker broker, string entityPath, string fullyQualifiedNamespace)
    {
        _broker = broker;
        EntityPath = entityPath;
        FullyQualifiedNamespace = fullyQualifiedNamespace;
    }

    protected ServiceBusSender()
    {
    }

    public virtual string FullyQualifiedNamespace { get; } = string.Empty;

    public virtual string EntityPath { get; } = string.Empty;

    public virtual bool IsClosed { get; private set; }

    private InProcessQueue Queue =>
        IsClosed ? throw new ObjectDisposedException(nameof(ServiceBusSender)) : _broker?.Find(EntityPath) ?? throw new InvalidOperationException("This sender was made for mocking.");

    public virtual Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) => SendMessagesAsync([message], cancellationToken);

    public virtual Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.Run(
            () =>
            {
                foreach (ServiceBusMessage message in messages)
                {
                    Queue.Send(message, message.ScheduledEnqueueTime);
                }
            },
            cancellationToken);
    }

    public virtual Task<long> ScheduleMessageAsync(ServiceBusMessage message, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.Run(() => Queue.Send(message, scheduledEnqueueTime), cancellationToken);
    }

    public virtual Task CancelScheduledMessageAsync(long sequenceNumber, CancellationToken cancellationToken = default) =>
        Task.Run(() => Queue.CancelScheduled(sequenceNumber), cancellationToken);

    public virtual Task CloseAsync(CancellationToken cancellationToken = default)
    {
        IsClosed = true;
        return Task.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
