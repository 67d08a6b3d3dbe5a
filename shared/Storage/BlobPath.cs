namespace CloudPipe.Storage;

/// <summary>The address of one blob: a container and a name in it, as the uploader wrote it.</summary>
/// <param name="Container">The container, for example <c>inspections</c>; see <see cref="BlobContainers"/>.</param>
/// <param name="Name">The name inside the container, <c>/</c> between its parts; at most 1,024 characters.</param>
public readonly record struct BlobPath(string Container, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Container}/{Name}";
}
