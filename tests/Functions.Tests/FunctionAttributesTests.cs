using System.Reflection;
using CloudPipe.Functions.Hosting;
using CloudPipe.Functions.Inspections;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Tests;

public sealed class FunctionAttributesTests
{
    private static readonly MethodInfo[] _functions = [.. typeof(IngestFunction).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)];

    private static IEnumerable<T> Triggers<T>()
        where T : Attribute => _functions.SelectMany(method => method.GetParameters()).SelectMany(parameter => parameter.GetCustomAttributes<T>());

    [Fact]
    public void The_functions_are_the_steps_that_the_design_names() => Assert.Equal(
        ["CutShard", "Deliver", "Ingest", "PlanRun", "Reduce", "ReduceRun", "Sweep"],
        _functions.Where(method => !method.GetParameters().Any(parameter => parameter.IsDefined(typeof(HttpTriggerAttribute)))).Select(method => method.GetCustomAttribute<FunctionAttribute>()!.Name).Order());

    [Fact]
    public void Each_queue_has_one_function_and_the_function_settles_by_itself()
    {
        ServiceBusTriggerAttribute[] triggers = [.. Triggers<ServiceBusTriggerAttribute>()];

        Assert.Equal([QueueNames.Cut, QueueNames.Deliver, QueueNames.Reduce, QueueNames.ReduceRun], triggers.Select(trigger => trigger.QueueName).Order());
        Assert.All(triggers, trigger => Assert.False(trigger.AutoCompleteMessages));
        Assert.All(triggers, trigger => Assert.Equal(Connections.ServiceBus, trigger.Connection));
    }

    [Fact]
    public void Uploads_come_by_event_and_not_by_polling()
    {
        BlobTriggerAttribute[] triggers = [.. Triggers<BlobTriggerAttribute>()];

        Assert.Equal([$"{BlobContainers.Inspections}/{{name}}", $"{BlobContainers.Training}/{{name}}"], triggers.Select(trigger => trigger.BlobPath).Order());
        Assert.All(triggers, trigger => Assert.Equal(BlobTriggerSource.EventGrid, trigger.Source));
        Assert.All(triggers, trigger => Assert.Equal(Connections.Storage, trigger.Connection));
    }

    [Fact]
    public void The_operations_are_those_of_the_api() => Assert.Equal(
        [
            "CreateInspection: post api/inspections", "DeleteWebhook: delete api/webhooks/{id}", "GetDelivery: get api/deliveries/{id}", "GetInspection: get api/inspections/{id}",
            "GetReport: get api/results/{id}/report", "GetResult: get api/results/{id}", "GetRun: get api/runs/{id}", "GetWebhook: get api/webhooks/{id}", "Health: get healthz",
            "ListDeadLetters: get api/dead-letters", "ListInspections: get api/inspections", "ListRuns: get api/runs", "ListWebhooks: get api/webhooks", "OpenApi: get api/openapi.json",
            "Options: options api/{*path}", "ReplayDelivery: post api/deliveries/{id}/replay", "RequeueDeadLetters: post api/dead-letters", "SaveWebhook: post api/webhooks",
        ],
        from method in _functions
        from trigger in method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes<HttpTriggerAttribute>())
        let name = method.GetCustomAttribute<FunctionAttribute>()!.Name
        orderby name
        select $"{name}: {string.Join(' ', trigger.Methods!)} {trigger.Route}");

    [Fact]
    public void Whatever_tells_or_changes_something_needs_a_key() => Assert.Equal(
        ["api/openapi.json", "api/{*path}", "healthz"],
        Triggers<HttpTriggerAttribute>().Where(trigger => trigger.AuthLevel != AuthorizationLevel.Function).Select(trigger => trigger.Route).Order(StringComparer.Ordinal));

    [Fact]
    public void Host_json_leaves_the_routes_as_the_functions_have_them()
    {
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "host.json")));

        Assert.Equal("", document.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
    }

    [Fact]
    public void Host_json_leaves_settling_to_the_functions_and_prefetches_nothing()
    {
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "host.json")));
        System.Text.Json.JsonElement serviceBus = document.RootElement.GetProperty("extensions").GetProperty("serviceBus");

        Assert.False(serviceBus.GetProperty("autoCompleteMessages").GetBoolean());
        Assert.Equal(0, serviceBus.GetProperty("prefetchCount").GetInt32());
    }
}
