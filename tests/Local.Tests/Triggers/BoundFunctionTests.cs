using CloudPipe.Functions.Inspections;
using CloudPipe.Local.Triggers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace CloudPipe.Local.Tests.Triggers;

public sealed class BoundFunctionTests
{
    private static readonly IServiceProvider _services = new ServiceCollection().AddSingleton<List<string>>().BuildServiceProvider();

    [Fact]
    public void Finds_the_functions_of_the_functions_app() => Assert.Equal(
        ["CutShard", "Deliver", "Ingest", "PlanRun", "Reduce", "ReduceRun", "Sweep"],
        BoundFunction.FindAll(typeof(IngestFunction).Assembly).Where(function => function.Trigger is not HttpTriggerAttribute).Select(function => function.Name));

    [Fact]
    public async Task Gives_back_what_the_function_returns()
    {
        Assert.Equal(42, await Bind(nameof(Sample.Answering)).InvokeAsync(_services, new Dictionary<string, object>(), default));
        IServiceProvider own = new ServiceCollection().AddSingleton<List<string>>().BuildServiceProvider();
        Assert.Null(await Bind(nameof(Sample.Bound)).InvokeAsync(own, new Dictionary<string, object> { ["name"] = "", ["info"] = new TimerInfo() }, default));
    }

    [Fact]
    public async Task Fills_parameters_by_name_and_by_type()
    {
        using var stop = new CancellationTokenSource();
        await Bind(nameof(Sample.Bound)).InvokeAsync(_services, new Dictionary<string, object> { ["name"] = "a.mp4", ["info"] = new TimerInfo { IsPastDue = true } }, stop.Token);

        Assert.Equal(["a.mp4 True True"], _services.GetRequiredService<List<string>>());
    }

    [Fact]
    public async Task Passes_the_functions_own_exception_on() => await Assert.ThrowsAsync<InvalidDataException>(
        () => Bind(nameof(Sample.Throwing)).InvokeAsync(_services, new Dictionary<string, object> { ["timer"] = new TimerInfo() }, default));

    [Fact]
    public async Task Names_the_parameter_that_has_no_value() => Assert.Contains("'name'", (await Assert.ThrowsAsync<InvalidOperationException>(
        () => Bind(nameof(Sample.Bound)).InvokeAsync(_services, new Dictionary<string, object> { ["timer"] = new TimerInfo() }, default))).Message);

    private static BoundFunction Bind(string method) => new(method, typeof(Sample).GetMethod(method)!, new TimerTriggerAttribute("0 * * * * *"));

    public sealed class Sample(List<string> log)
    {
        public Task Bound(TimerInfo timer, string name, CancellationToken cancellationToken)
        {
            log.Add($"{name} {timer.IsPastDue} {cancellationToken.CanBeCanceled}");
            return Task.CompletedTask;
        }

        public async Task<int> Answering()
        {
            await Task.Yield();
            return 42;
        }

        public Task Throwing(TimerInfo timer) => throw new InvalidDataException($"{timer.IsPastDue}");
    }
}
