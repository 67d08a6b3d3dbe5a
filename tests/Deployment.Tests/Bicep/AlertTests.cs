using System.Text.RegularExpressions;
using CloudPipe.Deployment.Tests.Support;
using CloudPipe.Local.Commands;
using CloudPipe.Tests.Support;

namespace CloudPipe.Deployment.Tests.Bicep;

public sealed partial class AlertTests
{
    private static BicepFile File => BicepFiles.Module("alerts");

    [Fact]
    public void Each_alert_of_the_operations_is_there() => Assert.Equal(
        ["backlog", "deadLetters", "late", "lostEvents", "scaler", "stuck"],
        File.Resources.Select(resource => resource.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_alert_tells_somebody() => Assert.All(File.Resources, alert => Assert.Contains("actionGroupId", alert.Body.At("properties", "actions")!.Source));

    [Fact]
    public void The_metrics_are_those_of_the_services() => Assert.Equal(
        ["Microsoft.EventGrid/systemTopics DeadLetteredCount", "Microsoft.ServiceBus/namespaces ActiveMessages", "Microsoft.ServiceBus/namespaces DeadletteredMessages"],
        File.Root.DescendantsOf("object").Where(body => body.Property("metricName") is not null)
            .Select(body => $"{body.Property("metricNamespace")!.StringValue} {body.Property("metricName")!.StringValue}").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("shared/Inspections/IngestStep.cs", "Inspection {InspectionId}: ", "segments in", "shards, scored by")]
    [InlineData("shared/Inspections/ReduceStep.cs", "Inspection {InspectionId} is completed:")]
    public void The_lines_that_the_late_results_are_found_by_are_written(string source, params string[] phrases)
    {
        string[] lines = [.. LogMessage().Matches(System.IO.File.ReadAllText(Path.Combine(Repository.Root, source))).Select(match => match.Groups[1].Value)];
        Assert.Contains(lines, line => phrases.All(phrase => line.Contains(phrase, StringComparison.Ordinal)));

        string query = File.Named("lateQuery").Value.Source;
        Assert.All(phrases, phrase => Assert.Contains(phrase.Replace("Inspection {InspectionId}", "", StringComparison.Ordinal).Trim(), query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_commands_that_the_alerts_advise_exist()
    {
        string[] commands = [.. Command().Matches(File.Root.Source).Select(match => match.Groups[1].Value).Distinct()];
        Assert.NotEmpty(commands);

        foreach (string command in commands)
        {
            Assert.Equal(ExitCode.Success, await CommandLineApplication.RunAsync([.. command.Split(' '), "--help"], new CommandOutput(TextWriter.Null, TextWriter.Null, false)));
        }
    }

    [GeneratedRegex("Message = \"([^\"]*)\"")]
    private static partial Regex LogMessage();

    [GeneratedRegex("\"cloudpipe ([a-z -]+)\"")]
    private static partial Regex Command();
}
