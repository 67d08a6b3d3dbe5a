using System.Reflection;
using CloudPipe.Deployment.Tests.Support;
using CloudPipe.Functions.Inspections;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Deployment.Tests.Bicep;

public sealed class NameTests
{
    private static readonly MethodInfo[] _functions = [.. typeof(IngestFunction).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)];

    [Fact]
    public void The_queues_are_those_of_the_code() => AssertSame(QueueNames.All, BicepFiles.Names.Names("queues"));

    [Fact]
    public void The_containers_are_those_of_the_code() => AssertSame(BlobContainers.All, BicepFiles.Names.Names("containers"));

    [Fact]
    public void The_container_for_lost_events_is_none_of_the_code() =>
        Assert.DoesNotContain(BicepFiles.Names.Named("eventDeadLetters").Value.StringValue!, BlobContainers.All);

    [Fact]
    public void Every_queue_and_every_container_is_made()
    {
        BicepDeclaration queue = Assert.Single(BicepFiles.Module("service-bus").ResourcesOf("Microsoft.ServiceBus/namespaces/queues"));
        Assert.Equal("forqueueNameinqueueNames", LoopOf(queue));
        Assert.Equal("map(items(queues),queue=>queue.value)", BicepFiles.Module("service-bus").Named("queueNames").Value.Source);

        BicepDeclaration container = BicepFiles.Module("storage").Named("blobContainers");
        Assert.Equal("forcontainerincontainerNames", LoopOf(container));
        Assert.Equal("map(items(containers),container=>container.value)", BicepFiles.Module("storage").Named("containerNames").Value.Source);
    }

    [Fact]
    public void Each_function_that_a_blob_starts_is_told_of_its_container()
    {
        IReadOnlyDictionary<string, string> containers = BicepFiles.Names.Names("containers");
        var triggered = _functions.Select(method => (
                Name: method.GetCustomAttribute<FunctionAttribute>()!.Name,
                Trigger: method.GetParameters().Select(parameter => parameter.GetCustomAttribute<BlobTriggerAttribute>()).FirstOrDefault(trigger => trigger is not null)))
            .Where(function => function.Trigger is not null)
            .ToDictionary(function => function.Trigger!.BlobPath.Split('/')[0], function => function.Name);

        Assert.Equal(
            triggered.OrderBy(function => function.Key, StringComparer.Ordinal),
            BicepFiles.Names.Names("blobFunctions").ToDictionary(function => containers[function.Key], function => function.Value).OrderBy(function => function.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Names_of_queues_and_containers_are_written_nowhere_else()
    {
        string[] names = [.. QueueNames.All, .. BlobContainers.All];
        string[] places = [.. BicepFiles.Templates.Where(file => file.Path != BicepFiles.Names.Path)
            .SelectMany(file => file.Root.DescendantsOf("object").SelectMany(body => body.Properties)
                .Where(property => property.PropertyName is not "name" && property.PropertyValue.StringValue is { } text && names.Contains(text))
                .Select(property => $"{file.Path}:{property.Line}: {property.PropertyValue.Source}"))];

        Assert.Empty(places);
    }

    private static string LoopOf(BicepDeclaration resource) =>
        string.Concat(resource.Value.Parts.Skip(1).TakeWhile(part => part.Type != ":").Select(part => part.Source));

    /// <summary>The code's names under keys that are the same names in camel case.</summary>
    private static void AssertSame(IEnumerable<string> code, IReadOnlyDictionary<string, string> bicep)
    {
        Assert.Equal(code.Order(StringComparer.Ordinal), bicep.Values.Order(StringComparer.Ordinal));
        Assert.All(bicep, name => Assert.Equal(CamelCase(name.Value), name.Key));
    }

    private static string CamelCase(string name) =>
        string.Concat(name.Split('-').Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
