namespace CloudPipe.GpuWorker.Models;

/// <summary>A release or a training request names a network that this version does not have.</summary>
/// <param name="architecture">The name.</param>
/// <param name="nearNames">Names that it may have meant, nearest first.</param>
public sealed class UnknownArchitectureException(string architecture, IReadOnlyList<string> nearNames)
    : ArgumentException($"There is no architecture '{architecture}'. {(nearNames.Count == 0 ? "See the list of architectures." : $"Did you mean {string.Join(", ", nearNames)}?")}")
{
    /// <summary>The name that was asked for.</summary>
    public string Architecture { get; } = architecture;
}
