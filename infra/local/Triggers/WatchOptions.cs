using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Local.Triggers;

/// <summary>Section <c>CloudPipe:Watch</c>: how the single-machine host finds uploads.</summary>
public sealed class WatchOptions
{
    /// <summary>How often uploads are listed; half a millisecond for each upload where that is longer. A file that comes into a folder is noticed at once.</summary>
    /// <value>5 seconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a file in a folder must stay the same before it counts as whole.</summary>
    /// <value>1 second by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(1);
}
