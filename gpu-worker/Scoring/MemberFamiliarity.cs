using CloudPipe.Familiarity;
using CloudPipe.GpuWorker.Models;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>Tells how familiar images are to a member.</summary>
/// <param name="Means">Listens to the member's network.</param>
/// <param name="Scorer">Judges by the release's statistics.</param>
internal sealed record MemberFamiliarity(StageMeans Means, FamiliarityScorer Scorer) : IDisposable
{
    public void Dispose() => Means.Dispose();
}
