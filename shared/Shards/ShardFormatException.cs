namespace CloudPipe.Shards;

/// <summary>A shard or one of its tiles is not what <see cref="ShardWriter"/> writes.</summary>
/// <param name="message">What was wrong, and with which entry.</param>
/// <param name="innerException">The parser's own complaint, if any.</param>
public sealed class ShardFormatException(string message, Exception? innerException = null) : Exception(message, innerException);
