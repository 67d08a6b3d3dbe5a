namespace CloudPipe.Webhooks;

/// <summary>A webhook's host is at an address that CloudPipe does not post to.</summary>
/// <param name="message">Which, and what to do.</param>
public sealed class AddressRefusedException(string message) : Exception(message);
