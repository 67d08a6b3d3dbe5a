namespace CloudPipe.Local.Demo;

/// <summary>An event whose signature the demo's webhook endpoint has verified.</summary>
/// <param name="Id">The <c>webhook-id</c> header.</param>
/// <param name="Type">The CloudEvent's type.</param>
/// <param name="Subject">The CloudEvent's subject: the upload's name.</param>
/// <param name="Deliveries">How often it came.</param>
internal sealed record ReceivedEvent(string Id, string Type, string Subject, int Deliveries);
