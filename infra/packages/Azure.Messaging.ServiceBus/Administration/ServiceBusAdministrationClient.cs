using Azure.Core;

namespace Azure.Messaging.ServiceBus.Administration;

public class ServiceBusAdministrationClient
{
    private readonly InProcessBroker? _broker;

    public ServiceBusAdministrationClient(string connectionString) => _broker = InProcessBroker.Connect(connectionString);

    public ServiceBusAdministrationClient(string fullyQualifiedNamespace, TokenCredential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        throw InProcessBroker.Unreachable(fullyQualifiedNamespace);
    }

    protected ServiceBusAdministrationClient()
    {
    }

    private InProcessBroker Broker => _broker ?? throw new InvalidOperationException("This client was made for mocking.");

    public virtual Task<Response<bool>> QueueExistsAsync(string name, CancellationToken cancellationToken = default) =>
        AnswerAsync(() => Broker.Exists(name), cancellationToken);

    public virtual Task<Response<QueueProperties>> CreateQueueAsync(string name, CancellationToken cancellationToken = default) =>
        CreateQueueAsync(new CreateQueueOptions(name), cancellationToken);

    public virtual Task<Response<QueueProperties>> CreateQueueAsync(CreateQueueOptions options, CancellationToken cancellationToken = default) =>
        AnswerAsync(() => new QueueProperties(Broker.Create(options).Options), cancellationToken);

    public virtual Task<Response<QueueProperties>> GetQueueAsync(string name, CancellationToken cancellationToken = default) =>
        AnswerAsync(() => new QueueProperties(Broker.Find(name).Options), cancellationToken);

    public virtual Task<Response<QueueRuntimeProperties>> GetQueueRuntimePropertiesAsync(string name, CancellationToken cancellationToken = default) =>
        AnswerAsync(
            () =>
            {
                InProcessQueue queue = Broker.Find(name);
                (long active, long scheduled) = queue.Count();
                return new QueueRuntimeProperties(name, active, scheduled, queue.DeadLetters.Count().Active);
            },
            cancellationToken);

    public virtual async Task<Response> DeleteQueueAsync(string name, CancellationToken cancellationToken = default)
    {
        await Task.Run(() => Broker.Delete(name), cancellationToken).ConfigureAwait(false);
        return new InProcessResponse();
    }

    private static Task<Response<T>> AnswerAsync<T>(Func<T> answer, CancellationToken cancellationToken) =>
        Task.Run(() => Response.FromValue(answer(), new InProcessResponse()), cancellationToken);
}
