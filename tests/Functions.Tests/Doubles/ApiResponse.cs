using System.Text.Json;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Messages;
using Microsoft.AspNetCore.Http;

namespace CloudPipe.Functions.Tests.Doubles;

/// <summary>An answer of the HTTP API.</summary>
internal sealed record ApiResponse(int Status, string? ContentType, byte[] Body, IHeaderDictionary Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public Problem Problem => Read<Problem>();

    public T Read<T>() => JsonSerializer.Deserialize<T>(Body, CloudPipeJson.Options)!;
}
