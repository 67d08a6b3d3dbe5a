using CloudPipe.Configuration;
using CloudPipe.Functions.Hosting;
using CloudPipe.Inspections;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudPipe.Functions.Tests.Doubles;

/// <summary>The functions' own services on a new folder and SQLite file.</summary>
internal sealed class Bucket : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public Bucket(params KeyValuePair<string, string?>[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("CloudPipe:Storage:Folder", _folder.FullPath), new("CloudPipe:Queue:MaxDeliveryCount", "3"), .. settings])
            .Build();
        _services = new ServiceCollection().AddSingleton(configuration).AddSingleton<TimeProvider>(Time).AddLogging()
            .AddCloudPipePorts().AddCloudPipeSteps().BuildServiceProvider();
        Store.CreateContainersAsync(BlobContainers.All).GetAwaiter().GetResult();
        Queue.CreateQueuesAsync(QueueNames.All).GetAwaiter().GetResult();
    }

    public string Folder => _folder.FullPath;

    public FixedTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Asks the HTTP API.</summary>
    public ApiClient Api => new(_services);

    public IBlobStore Store => Get<IBlobStore>();

    public IMessageQueue Queue => Get<IMessageQueue>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<InspectionPlan> PlanAsync()
    {
        var plan = new InspectionPlan(
            "film-0123456789abcdef", "film.mp4", "\"1\"", Time.Now, Time.Now, "demo", 3, 64, [[0]],
            new VideoInfo(10, 0, 640, 480, 25, "h264", "mov", 0), [new Segment(0, 0, 10)], [new Shard(0, 0, 1)]);
        await Store.WriteJsonAsync(InspectionPlan.PathOf(plan.InspectionId), plan);
        return plan;
    }

    public Task<InspectionResult?> FindResultAsync(string inspectionId) =>
        Store.ReadJsonAsync<InspectionResult>(InspectionResult.PathOf(inspectionId));

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }
}
