using CloudPipe.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CloudPipe.Functions.Api;

/// <summary>Answers with a blob's bytes, streamed, under the blob's own ETag.</summary>
/// <param name="content">The open blob; closed once the answer is written.</param>
/// <param name="contentType">Its media type.</param>
public sealed class BlobAnswer(BlobContent content, string contentType) : IActionResult
{
    /// <summary>A reference to what belongs to it, as the header <c>Link</c> has it, or <see langword="null"/>.</summary>
    public string? Link { get; init; }

    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        await using BlobContent open = content;
        HttpResponse response = context.HttpContext.Response;
        response.Headers.Link = Link;
        if (ConditionalRead.Begin(context.HttpContext, $"\"{open.Properties.ETag}\""))
        {
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = open.Properties.Length;
        await open.Stream.CopyToAsync(response.Body, context.HttpContext.RequestAborted).ConfigureAwait(false);
    }
}
