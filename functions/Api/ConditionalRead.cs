using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudPipe.Functions.Api;

/// <summary>What every answer says about being kept, and the answer to a client that has the content already.</summary>
internal static class ConditionalRead
{
    /// <summary>Sets the response's headers, and answers <c>304 Not Modified</c> where the request's <c>If-None-Match</c> allows it.</summary>
    /// <param name="context">The request and its response.</param>
    /// <param name="etag">Names the content, quoted; <see langword="null"/> for what must not be kept.</param>
    /// <returns>Whether the answer is given.</returns>
    public static bool Begin(HttpContext context, string? etag)
    {
        // Whatever a body looks like, a browser is to believe its media type.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = etag is null ? "no-store" : "private, no-cache";
        if (etag is null)
        {
            return false;
        }

        context.Response.Headers.ETag = etag;
        var current = EntityTagHeaderValue.Parse(etag);
        bool isKnown = EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out IList<EntityTagHeaderValue>? tags)
            && tags.Any(tag => tag == EntityTagHeaderValue.Any || tag.Compare(current, useStrongComparison: false));
        if (isKnown)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        }

        return isKnown;
    }
}
