namespace CloudPipe.Messages;

/// <summary>A message that this version cannot read: no retry will mend it.</summary>
/// <param name="message">What was wrong and what to do.</param>
/// <param name="innerException">The parser's own complaint, if any.</param>
public sealed class MessageFormatException(string message, Exception? innerException = null) : Exception(message, innerException);
