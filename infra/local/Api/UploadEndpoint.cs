using CloudPipe.Functions.Api;
using CloudPipe.Functions.Api.Inspections;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Storage;
using CloudPipe.Storage.Folder;
using Microsoft.AspNetCore.Http;

namespace CloudPipe.Local.Api;

/// <summary>Takes uploads into a folder's bucket at the addresses that <see cref="FolderUploads"/> has signed, as a storage account does at its own.</summary>
/// <param name="store">The bucket; one that is no folder takes its uploads itself.</param>
internal sealed class UploadEndpoint(IBlobStore store)
{
    /// <summary>Whether a path is one of an upload address.</summary>
    public bool Takes(PathString path) => store is FolderBlobStore && path.StartsWithSegments($"/{FolderUploads.RoutePrefix}", StringComparison.Ordinal);

    public async Task<ApiAnswer> HandleAsync(HttpContext context, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        if (HttpMethods.IsOptions(request.Method))
        {
            return ApiAnswer.NoContent() with { Allow = "OPTIONS, PUT" };
        }

        if (!HttpMethods.IsPut(request.Method))
        {
            return ApiAnswer.Of(Problem.Of(ProblemType.MethodNotAllowed, "An upload address takes PUT.")) with { Allow = "OPTIONS, PUT" };
        }

        request.Path.StartsWithSegments($"/{FolderUploads.RoutePrefix}", StringComparison.Ordinal, out PathString rest);
        string[] parts = rest.Value!.Split('/', 3); // the text itself: ToString would escape it
        BlobPath? path = parts.Length == 3 && parts[1] == BlobContainers.Inspections && parts[2].Length > 0 ? new BlobPath(parts[1], parts[2]) : null;
        if (path is not { } target || !((FolderBlobStore)store).Uploads.Allows(target, request.Query[FolderUploads.ExpiresParameter], request.Query[FolderUploads.SignatureParameter]))
        {
            return ApiAnswer.Of(Problem.Of(ProblemType.Forbidden, "This upload address was not given out here, or has ended. Ask for a new one: POST /api/inspections."));
        }

        if (request.ContentLength > InspectionUpload.LargestPut)
        {
            return ApiAnswer.Of(Problem.Of(ProblemType.BodyTooLarge, $"One upload has {InspectionUpload.LargestPut} bytes at most."));
        }

        string? etag = await store.WriteAsync(target, request.Body, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        if (etag is null)
        {
            return ApiAnswer.Of(Problem.Of(ProblemType.Conflict, $"There is an upload '{target.Name}' already; nothing was written."));
        }

        context.Response.Headers.ETag = $"\"{etag}\"";
        return new ApiAnswer(StatusCodes.Status201Created, null, null);
    }
}
