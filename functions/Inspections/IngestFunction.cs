using Azure.Storage.Blobs;
using CloudPipe.Functions.Hosting;
using CloudPipe.Inspections;
using CloudPipe.Storage;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Inspections;

/// <summary>Plans an inspection for every video that is written to the container <c>inspections</c>.</summary>
/// <param name="runner">Turns what cannot be scored into a rejected result.</param>
/// <param name="step">Plans.</param>
public sealed class IngestFunction(StepRunner runner, IngestStep step)
{
    /// <summary>Handles one upload.</summary>
    /// <param name="upload">The upload. Of this type the host passes a reference; of any other it would read the whole video.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("Ingest")]
    public Task RunAsync(
        [BlobTrigger(BlobContainers.Inspections + "/{name}", Source = BlobTriggerSource.EventGrid, Connection = Connections.Storage)] BlobClient upload,
        CancellationToken cancellationToken) => runner.IngestAsync(step, upload.Name, cancellationToken);
}
