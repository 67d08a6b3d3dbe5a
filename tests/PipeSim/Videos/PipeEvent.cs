using System.Text.Json.Serialization;

namespace CloudPipe.PipeSim;

/// <summary>One defect as it is seen in a video.</summary>
/// <param name="ClassIndex">QV-Pipe's class number, 1..16.</param>
/// <param name="OnsetSeconds">When the defect is first large enough to recognise (<see cref="Visibility"/>).</param>
/// <param name="DurationSeconds">How long it stays so, from the first to the last moment.</param>
/// <param name="ClockPosition">Where on the circumference, in hours: 0 or 12 is the crown, 6 the invert.</param>
/// <param name="Severity">0.25 (slight) to 1 (grave).</param>
/// <param name="StartMetres">Nearest point along the pipe, from where the camera starts.</param>
/// <param name="EndMetres">Farthest point along the pipe.</param>
/// <param name="Seed">Shape and texture of this one.</param>
public sealed record PipeEvent(
    int ClassIndex,
    double OnsetSeconds,
    double DurationSeconds,
    float ClockPosition,
    float Severity,
    float StartMetres,
    float EndMetres,
    [property: JsonIgnore] ulong Seed)
{
    public string Code => DefectClass.All[ClassIndex].Code;

    public string Name => DefectClass.All[ClassIndex].Name;

    [JsonIgnore]
    public float MiddleMetres => (StartMetres + EndMetres) / 2;
}
