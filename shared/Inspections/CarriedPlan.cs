using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>
/// A plan that travels with the messages of its inspection, where it is small: a phone video's steps then need not read it.
/// A plan never changes once it is written, so a copy is as good.
/// </summary>
public static class CarriedPlan
{
    private const int LargestPlan = 4 * 1024; // bytes
    private const int MostSegments = 8;

    /// <summary>What a message carries.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>The plan, or <see langword="null"/> when it is too large to travel.</returns>
    public static InspectionPlan? Of(InspectionPlan plan) =>
        plan.Segments.Count <= MostSegments && JsonSerializer.SerializeToUtf8Bytes(plan, CloudPipeJson.Options).Length <= LargestPlan ? plan : null;

    /// <summary>Gets the plan that a message is about.</summary>
    /// <param name="store">Where plans are.</param>
    /// <param name="inspectionId">The inspection, by an id of the form of one.</param>
    /// <param name="carried">What the message carries.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The plan, or <see langword="null"/> when there is none.</returns>
    public static async Task<InspectionPlan?> ReadAsync(IBlobStore store, string inspectionId, InspectionPlan? carried, CancellationToken cancellationToken) =>
        carried?.InspectionId == inspectionId
            ? carried
            : await store.ReadJsonAsync<InspectionPlan>(InspectionPlan.PathOf(inspectionId), cancellationToken).ConfigureAwait(false);
}
