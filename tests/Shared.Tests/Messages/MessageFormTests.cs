using CloudPipe.Messages;
using CloudPipe.Queues;

namespace CloudPipe.Shared.Tests.Messages;

public sealed class MessageFormTests
{
    public static TheoryData<string> Kinds { get; } = [.. MessageForms.All.Keys];

    [Fact]
    public void Every_message_has_its_form_here()
    {
        IEnumerable<string> messages = typeof(Message).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Message))).Select(type => type.Name);

        Assert.Equal(messages.Order(), MessageForms.All.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_is_written_as_it_always_was(string kind)
    {
        MessageForms.Form form = MessageForms.All[kind];

        Assert.Equal(form.Untraced, form.Write(null));
        Assert.Equal(form.Traced, form.Write(MessageForms.Traceparent));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_is_read_with_a_trace_context_and_without_and_as_older_versions_wrote_it(string kind)
    {
        MessageForms.Form form = MessageForms.All[kind];

        Assert.Equal(form.Message, form.Read(form.Untraced));
        Assert.Equal(form.Message, form.Read(form.Previous));
        Assert.Equal(form.Message with { Traceparent = MessageForms.Traceparent }, form.Read(form.Traced));
    }

    [Fact]
    public void Each_has_its_queue()
    {
        Assert.Equal(
            [QueueNames.Cut, QueueNames.Score, QueueNames.Reduce, QueueNames.Train, QueueNames.ReduceRun, QueueNames.Deliver],
            [QueueNames.Of<CutMessage>(), QueueNames.Of<ScoreMessage>(), QueueNames.Of<ReduceMessage>(), QueueNames.Of<TrainMessage>(), QueueNames.Of<ReduceRunMessage>(), QueueNames.Of<DeliverMessage>()]);
    }
}
