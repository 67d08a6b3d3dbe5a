using CloudPipe.Configuration;
using CloudPipe.Functions.Api;
using CloudPipe.Local.Triggers;
using CloudPipe.Queues;
using Microsoft.Extensions.DependencyInjection;

namespace CloudPipe.Local.Api;

/// <summary>Registers what serves the HTTP API; whoever shall serve it starts the <see cref="ApiServer"/>.</summary>
internal static class ApiRegistration
{
    public static IServiceCollection AddApiServer(this IServiceCollection services) => services
        .AddOptionsSection<ApiServerOptions>("Api")
        .AddSingleton(new ServedQueues([UploadMessage.Queue, .. QueueNames.All]))
        .AddSingleton<ApiServer>();
}
