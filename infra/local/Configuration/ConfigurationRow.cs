namespace CloudPipe.Local.Configuration;

/// <summary>One key as the documentation lists it.</summary>
/// <param name="Key">Its path below <c>CloudPipe</c>, for example <c>Queue:MaxDeliveryCount</c>.</param>
/// <param name="Default">What holds when nobody sets it; empty for none.</param>
/// <param name="Meaning">What it does, and its unit.</param>
public sealed record ConfigurationRow(string Key, string Default, string Meaning);
