namespace CloudPipe.Inspections;

/// <summary>Consecutive segments that are cut and scored together: the unit of GPU work.</summary>
/// <param name="Index">Its place in the inspection, from 0.</param>
/// <param name="FirstSegment">The first segment's index.</param>
/// <param name="SegmentCount">How many segments.</param>
public sealed record Shard(int Index, int FirstSegment, int SegmentCount);
