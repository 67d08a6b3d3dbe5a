using CloudPipe.Local.Commands;
using CloudPipe.Tests.Support;

namespace CloudPipe.Local.Tests.Configuration;

public sealed class ConfigurationTableTests
{
    [Fact]
    public async Task The_documentation_lists_every_key_as_the_code_has_it()
    {
        var output = new StringWriter();
        Assert.Equal(ExitCode.Success, await CommandLineApplication.RunAsync(["config", "--markdown"], new CommandOutput(output, TextWriter.Null, false)));

        string documentation = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        Assert.True(
            documentation.Contains(output.ToString(), StringComparison.Ordinal),
            $"README.md is out of step; put this table there ('cloudpipe config --markdown' writes it):\n{output}");
    }

    [Fact]
    public async Task Every_key_says_what_it_means()
    {
        var output = new StringWriter();
        await CommandLineApplication.RunAsync(["config", "--markdown"], new CommandOutput(output, TextWriter.Null, false));

        string[] rows = [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2)];
        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, row => row.EndsWith("|  |", StringComparison.Ordinal));
    }
}
