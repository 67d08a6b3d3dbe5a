using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Local.Hosting;

/// <summary>Section <c>CloudPipe:Functions</c>: how the single-machine host runs the functions.</summary>
public sealed class FunctionsOptions
{
    /// <summary>How many messages each function handles at once.</summary>
    /// <value>2 by default.</value>
    [Range(1, 32)]
    public int Concurrency { get; set; } = 2;
}
