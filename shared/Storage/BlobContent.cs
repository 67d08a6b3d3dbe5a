namespace CloudPipe.Storage;

/// <summary>An open blob. Disposing it closes the stream.</summary>
/// <param name="Properties">The properties of the content that the stream holds.</param>
/// <param name="Stream">The bytes, from the start of the range that was asked for.</param>
public sealed record BlobContent(BlobProperties Properties, Stream Stream) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
