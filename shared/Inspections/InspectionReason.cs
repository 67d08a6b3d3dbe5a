namespace CloudPipe.Inspections;

/// <summary>Why an inspection was rejected or failed, for a program and for a person.</summary>
/// <param name="Code">The kind of reason.</param>
/// <param name="Message">What was wrong, and what to do.</param>
public sealed record InspectionReason(ReasonCode Code, string Message);
