using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Inspections;

/// <summary>What is accepted as an inspection and how it is divided into work.</summary>
public sealed class InspectionOptions
{
    /// <summary>The release that scores an inspection whose sidecar names none.</summary>
    /// <value>A release's name, <c>pipesim-atto-v2</c>, which comes with CloudPipe, by default.</value>
    [Required]
    [RegularExpression("[a-z0-9.-]{1,64}")]
    public string DefaultRelease { get; set; } = "pipesim-atto-v2";

    /// <summary>How many consecutive segments are cut and scored together.</summary>
    /// <value>Segments, 4 by default: a shard stays well under two minutes of GPU work.</value>
    [Range(1, 64)]
    public int SegmentsPerShard { get; set; } = 4;

    /// <summary>How many members of one architecture score a shard within one message.</summary>
    /// <value>Members, 5 by default: the folds of one network.</value>
    [Range(1, 64)]
    public int MembersPerGroup { get; set; } = 5;

    /// <summary>The longest video that is accepted.</summary>
    /// <value>Seconds, 21,600 (6 hours) by default.</value>
    [Range(1.0, 604_800.0)]
    public double MaxDurationSeconds { get; set; } = 21_600;

    /// <summary>The largest picture that is accepted, width times height.</summary>
    /// <value>Pixels, 16,777,216 (4,096 × 4,096) by default. A decoder may hold 17 pictures of 1.5 bytes a pixel.</value>
    [Range(4_096, 134_217_728)]
    public int MaxPixels { get; set; } = 16_777_216;

    /// <summary>How long one run of ffmpeg or ffprobe may take.</summary>
    /// <value>2 minutes by default.</value>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan FfmpegTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How many ffmpeg processes cut one shard at the same time, one thread each.</summary>
    /// <value>Processes, 2 by default; each takes about 70 MB for a picture of 1280×720.</value>
    [Range(1, 64)]
    public int CutParallelism { get; set; } = 2;
}
