namespace CloudPipe.Inspections;

/// <summary>Ends a step because the upload cannot be scored: the step's runner writes the rejected result.</summary>
/// <param name="reason">Why.</param>
public sealed class InspectionRejectedException(InspectionReason reason) : Exception(reason.Message)
{
    /// <summary>Makes the exception from a code and a message.</summary>
    /// <param name="code">The kind of reason.</param>
    /// <param name="message">What was wrong, and what to do.</param>
    public InspectionRejectedException(ReasonCode code, string message)
        : this(new InspectionReason(code, message))
    {
    }

    /// <summary>Why.</summary>
    public InspectionReason Reason { get; } = reason;
}
