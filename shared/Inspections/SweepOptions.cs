using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Inspections;

/// <summary>When the sweep takes an upload in hand, and when it gives one up.</summary>
public sealed class SweepOptions
{
    /// <summary>How old an upload is before the sweep ingests it; until then its event may still come.</summary>
    /// <value>2 minutes by default.</value>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan IngestAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How old an upload without a plan is before it is given up.</summary>
    /// <value>1 day by default.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);
}
