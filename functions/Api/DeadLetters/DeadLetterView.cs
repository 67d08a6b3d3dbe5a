using CloudPipe.Inspections;
using CloudPipe.Queues;
using CloudPipe.Runs;

namespace CloudPipe.Functions.Api.DeadLetters;

/// <summary>A message that was set aside.</summary>
/// <param name="Queue">The queue it came from.</param>
/// <param name="Id">The message.</param>
/// <param name="Subject">The inspection or training run that it is about, or <see langword="null"/>.</param>
/// <param name="Reason">Why.</param>
/// <param name="DeliveryCount">How often it had been received.</param>
/// <param name="DeadLetteredAt">When it was set aside.</param>
public sealed record DeadLetterView(string Queue, string Id, string? Subject, string Reason, int DeliveryCount, DateTimeOffset DeadLetteredAt)
{
    /// <summary>Shows a dead letter.</summary>
    /// <param name="letter">The dead letter.</param>
    /// <returns>The view.</returns>
    public static DeadLetterView Of(DeadLetter letter) => new(
        letter.Queue, letter.Id, StepRunner.FindInspectionId(letter.Body) ?? RunFailures.FindRunId(letter.Body), letter.Reason, letter.DeliveryCount, letter.DeadLetteredAt);
}
