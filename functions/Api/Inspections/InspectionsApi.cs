using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.Functions.Api.OpenApi;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Progress;
using CloudPipe.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Api.Inspections;

/// <summary>Asks for uploads, and shows how far they are.</summary>
/// <param name="api">What every operation has in common.</param>
/// <param name="store">The bucket.</param>
/// <param name="options">How long an upload address works.</param>
/// <param name="timeProvider">The clock.</param>
public sealed class InspectionsApi(ApiHandler api, IBlobStore store, ApiOptions options, TimeProvider timeProvider)
{
    // What is read of one page at the same time.
    private const int Parallelism = 8;

    // Of this instance, which serves one request: it remembers what it has read.
    private readonly ProgressReader _progress = new(store);

    /// <summary>Asks for an address to upload a video to.</summary>
    /// <remarks>
    /// The sidecar with the release, the segments' length and the metadata is written at once, in place of one that is there; the upload follows with the
    /// method and headers of the answer. The inspection appears once the upload is there: its id follows from the upload's name and content.
    /// </remarks>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("CreateInspection")]
    [Takes(typeof(NewInspection))]
    [Answer(201, typeof(InspectionUpload), "Where to upload the video.")]
    [Answer(409, typeof(Problem), "A video of this name is there already.")]
    public Task<IActionResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/inspections")] HttpRequest request, CancellationToken cancellationToken) =>
        api.HandleAsync(request, CreateAsync, cancellationToken);

    /// <summary>Lists the uploaded videos by name, and how far each is.</summary>
    /// <remarks>
    /// By name, since that is the order in which storage lists: a page costs the same however many videos there are. A video whose upload was deleted or
    /// replaced is not listed; its result stays under its id.
    /// </remarks>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("ListInspections")]
    [QueryParameter("name", "Only the upload of this very name.")]
    [QueryParameter("prefix", "Only uploads whose names begin so, for example a folder with '/' at its end.")]
    [QueryParameter("limit", QueryParameterAttribute.Limit, IsNumber = true)]
    [QueryParameter("continuationToken", QueryParameterAttribute.Continuation)]
    [Answer(200, typeof(Page<InspectionView>), "A page.")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/inspections")] HttpRequest request, CancellationToken cancellationToken) =>
        api.HandleAsync(request, ListAsync, cancellationToken);

    /// <summary>Shows how far one inspection is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The inspection.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("GetInspection")]
    [Answer(200, typeof(InspectionView), "How far it is.")]
    [Answer(404, typeof(Problem), "There is no such inspection, or it is not planned yet.")]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/inspections/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        api.HandleAsync(request, (_, stop) => GetAsync(id, stop), cancellationToken);

    private static void CheckFileName(string fileName)
    {
        if (UploadName.FindFault(fileName) is { } fault)
        {
            throw new ProblemException(ProblemType.InvalidField, $"'fileName' cannot be an upload's name. {fault}", "fileName");
        }
    }

    private static string StatusUrlOf(string blobName) => $"/api/inspections?name={Uri.EscapeDataString(blobName)}";

    private async Task<IActionResult> CreateAsync(ApiCall call, CancellationToken cancellationToken)
    {
        NewInspection wanted = call.Read<NewInspection>();
        CheckFileName(wanted.FileName);
        byte[] sidecar = CheckedSidecar(wanted);
        await CheckReleaseAsync(wanted.Release, cancellationToken).ConfigureAwait(false);
        var path = new BlobPath(BlobContainers.Inspections, wanted.FileName);
        if (await store.FindAsync(path, cancellationToken).ConfigureAwait(false) is not null)
        {
            throw new ProblemException(
                ProblemType.Conflict, $"There is an upload '{wanted.FileName}' already; see {StatusUrlOf(wanted.FileName)}. Choose another name, or delete it first.", "fileName");
        }

        // Before anybody can upload: the first step reads it as soon as the video is there.
        var sidecarPath = new BlobPath(BlobContainers.Inspections, Sidecar.NamesFor(wanted.FileName)[0]);
        await store.WriteBytesAsync(sidecarPath, sidecar, cancellationToken: cancellationToken).ConfigureAwait(false);
        Uri address = await store.GetWriteUriAsync(path, options.UploadLifetime, cancellationToken).ConfigureAwait(false);
        var upload = new InspectionUpload(
            wanted.FileName,
            address.IsAbsoluteUri ? address : new Uri(options.PublicUrl ?? new Uri($"{call.Request.Scheme}://{call.Request.Host}"), address),
            HttpMethods.Put,
            // The first is what the service asks for; the second makes a second upload fail with words that say why.
            new Dictionary<string, string> { ["x-ms-blob-type"] = "BlockBlob", ["If-None-Match"] = "*" },
            timeProvider.GetUtcNow() + options.UploadLifetime,
            InspectionUpload.LargestPut,
            StatusUrlOf(wanted.FileName));
        return ApiAnswer.Json(upload, StatusCodes.Status201Created) with { Location = upload.StatusUrl, ValidFor = options.UploadLifetime };
    }

    private async Task<IActionResult> ListAsync(ApiCall call, CancellationToken cancellationToken)
    {
        if (call.Query("name") is { } name)
        {
            CheckName(name);
            BlobProperties? found = await store.FindAsync(new BlobPath(BlobContainers.Inspections, name), cancellationToken).ConfigureAwait(false);
            return ApiAnswer.Json(new Page<InspectionView>(await ReadAsync(found is null ? [] : [found], cancellationToken).ConfigureAwait(false), null));
        }

        BlobPage page = await call.ListAsync(store, BlobContainers.Inspections, cancellationToken).ConfigureAwait(false);

        return ApiAnswer.Json(new Page<InspectionView>(await ReadAsync(page.Blobs, cancellationToken).ConfigureAwait(false), call.NextLink(page.ContinuationToken)));
    }

    private async Task<IActionResult> GetAsync(string id, CancellationToken cancellationToken)
    {
        InspectionProgress? progress = InspectionId.IsWellFormed(id) ? await _progress.ReadAsync(id, "", cancellationToken).ConfigureAwait(false) : null;
        return progress is null or { Stage: InspectionStage.Waiting }
            ? throw new ProblemException(
                ProblemType.NotFound, "There is no plan and no result of this id. An upload gets its plan within seconds; look for it by its name: /api/inspections?name=….", "id")
            : ApiAnswer.Json(InspectionView.Of(progress));
    }

    private async Task<IReadOnlyList<InspectionView>> ReadAsync(IEnumerable<BlobProperties> blobs, CancellationToken cancellationToken)
    {
        BlobProperties[] videos = [.. blobs.Where(blob => UploadFilter.IsVideo(blob.Path.Name))];
        var views = new InspectionView[videos.Length];
        await Parallel.ForAsync(0, videos.Length, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (index, stop) =>
        {
            string name = videos[index].Path.Name;
            views[index] = InspectionView.Of(await _progress.ReadAsync(InspectionId.Create(name, videos[index].ETag), name, stop).ConfigureAwait(false));
        }).ConfigureAwait(false);
        return views;
    }

    // An upload that was dropped by hand may have a name that the API does not give.
    private static void CheckName(string name)
    {
        if (name.Length > 1024 || name.Any(character => char.IsControl(character) || character == '\\') || name.Split('/').Any(part => part is "." or ".."))
        {
            throw new ProblemException(ProblemType.InvalidField, "The parameter 'name' cannot be an upload's name.", "name");
        }
    }

    private static byte[] CheckedSidecar(NewInspection wanted)
    {
        if (wanted.SegmentSeconds is { } seconds and not (>= Sidecar.ShortestSegment and <= Sidecar.LongestSegment))
        {
            throw new ProblemException(
                ProblemType.InvalidField, FormattableString.Invariant($"'segmentSeconds' is {seconds}; it must be {Sidecar.ShortestSegment} to {Sidecar.LongestSegment}."), "segmentSeconds");
        }

        // The reader's own annotations do not reach into a dictionary.
        if (wanted.Metadata?.FirstOrDefault(entry => entry.Value is null).Key is { } empty)
        {
            throw new ProblemException(ProblemType.InvalidField, $"'metadata.{empty}' is null; give a text or leave it out.", $"metadata.{empty}");
        }

        byte[] sidecar = JsonSerializer.SerializeToUtf8Bytes(new Sidecar(wanted.Release, wanted.SegmentSeconds, wanted.Metadata), CloudPipeJson.Options);
        return sidecar.Length <= Sidecar.LargestFile
            ? sidecar
            : throw new ProblemException(ProblemType.InvalidField, $"'metadata' makes a sidecar of {sidecar.Length} bytes; at most {Sidecar.LargestFile} are accepted.", "metadata");
    }

    private async Task CheckReleaseAsync(string? release, CancellationToken cancellationToken)
    {
        if (release is null)
        {
            return;
        }

        if (!ReleaseValidator.IsName(release) || await store.FindAsync(Release.PathOf(release), cancellationToken).ConfigureAwait(false) is null)
        {
            throw new ProblemException(ProblemType.InvalidField, "'release' names no release of this bucket. Publish it, name another one, or leave it out.", "release");
        }
    }
}
