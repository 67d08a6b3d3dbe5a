using CloudPipe.Deployment.Tests.Support;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Local.Commands;
using CloudPipe.Queues;

namespace CloudPipe.Deployment.Tests.Bicep;

public sealed class WorkerJobTests
{
    private static BicepNode Job => BicepFiles.Module("worker-job").Named("job").Body.Property("properties")!;

    private static BicepDeclaration[] Jobs => [.. BicepFiles.Main.Modules.Where(module => module.Target == "modules/worker-job.bicep")];

    [Fact]
    public void Each_queue_of_the_workers_has_a_job() => Assert.Equal(
        [$"queues.{QueueNames.Score}", $"queues.{QueueNames.Train}"], Jobs.Select(job => job.Body.At("params", "queueName")!.Source).Order(StringComparer.Ordinal));

    [Fact]
    public void A_job_serves_the_queue_that_starts_it()
    {
        BicepNode rule = Job.At("configuration", "eventTriggerConfig", "scale", "rules")!.Elements.Single();

        Assert.Equal("azure-servicebus", rule.Property("type")!.StringValue);
        Assert.Equal("queueName", rule.At("metadata", "queueName")!.Source);
        Assert.Equal("1", rule.At("metadata", "messageCount")!.StringValue);
        Assert.Equal("scalerId", rule.Property("identity")!.Source);
        Assert.Null(rule.Property("auth"));
        Assert.Equal("queueName", Settings.Of(BicepFiles.Module("worker-job")).Single(setting => setting.Name == "CloudPipe__Worker__Queues__0").Value.Source);
    }

    [Fact]
    public void The_container_cannot_use_the_identity_that_counts_messages()
    {
        BicepNode[] settings = [.. Job.At("configuration", "identitySettings")!.Elements];

        Assert.Equal("None", settings.Single(setting => setting.Property("identity")!.Source == "scalerId").Property("lifecycle")!.StringValue);
    }

    [Fact]
    public async Task The_worker_drains_within_its_budget()
    {
        Assert.Equal("['worker','--drain','--for',budget]", Job.At("template", "containers")!.Elements.Single().Property("args")!.Source);

        var help = new StringWriter();
        Assert.Equal(ExitCode.Success, await CommandLineApplication.RunAsync(["worker", "--help"], new CommandOutput(help, TextWriter.Null, false)));
        Assert.All(["--drain", "--for"], option => Assert.Contains(option, help.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_budget_leaves_room_for_the_message_in_hand() => Assert.All(Jobs, job =>
    {
        TimeSpan budget = TimeSpan.Parse(job.Body.At("params", "budget")!.StringValue!);
        TimeSpan timeout = TimeSpan.FromSeconds(int.Parse(job.Body.At("params", "replicaTimeout")!.Source));
        TimeSpan slice = TimeSpan.Parse(job.Body.At("params", "sliceTime")!.StringValue!);

        Assert.True(2 * budget <= timeout, $"{job.Name}: {budget} of {timeout}");
        Assert.True(budget + slice < timeout, $"{job.Name}: a slice of {slice} begun at {budget} ends after {timeout}");
        Assert.Equal(new TrainingOptions().SliceTime, slice);
    });

    [Fact]
    public void Each_GPU_has_its_profile_and_its_size()
    {
        string[] choices = ["none", "t4", "a100"];
        string[] profiles = [.. BicepFiles.Module("environment").Named("gpuProfiles").Value.Properties.Select(property => property.PropertyName)];
        string[] sizes = [.. BicepFiles.Module("worker-job").Named("resources").Value.Properties.Select(property => property.PropertyName)];

        Assert.Equal(choices, profiles);
        Assert.Equal(choices, sizes);
        Assert.Equal(
            ["Consumption-GPU-NC8as-T4", "Consumption-GPU-NC24-A100"],
            BicepFiles.Module("environment").Named("gpuProfiles").Value.DescendantsOf("object").Select(profile => profile.Property("workloadProfileType")?.StringValue).OfType<string>());
    }
}
