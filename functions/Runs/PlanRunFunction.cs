using Azure.Storage.Blobs;
using CloudPipe.Functions.Hosting;
using CloudPipe.Inspections;
using CloudPipe.Runs;
using CloudPipe.Storage;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Runs;

/// <summary>Plans a training run for every request that is written to the container <c>training</c>.</summary>
/// <param name="runner">Turns what cannot be trained into a failed result.</param>
/// <param name="step">Plans.</param>
public sealed class PlanRunFunction(StepRunner runner, PlanRunStep step)
{
    /// <summary>Handles one request.</summary>
    /// <param name="request">The request. Of this type the host passes a reference: the container holds large weights files too.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("PlanRun")]
    public Task RunAsync(
        [BlobTrigger(BlobContainers.Training + "/{name}", Source = BlobTriggerSource.EventGrid, Connection = Connections.Storage)] BlobClient request,
        CancellationToken cancellationToken) => runner.PlanRunAsync(step, request.Name, cancellationToken);
}
