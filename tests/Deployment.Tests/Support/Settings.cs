namespace CloudPipe.Deployment.Tests.Support;

/// <summary>The environment that a bicep file gives its container.</summary>
internal static class Settings
{
    /// <summary>Lists the names, <c>*</c> for what is put in, and what they are set to.</summary>
    /// <param name="file">A file with a container.</param>
    public static IReadOnlyList<(string Name, BicepNode Value)> Of(BicepFile file) =>
        [.. file.Root.DescendantsOf("object")
            .Where(body => body.Properties.Count() == 2 && body.Property("name")?.StringValue is not null && (body.Property("value") ?? body.Property("secretRef")) is not null)
            .Select(body => (body.Property("name")!.StringValue!, (body.Property("value") ?? body.Property("secretRef"))!))];
}
