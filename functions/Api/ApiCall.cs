using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Messages;
using CloudPipe.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudPipe.Functions.Api;

/// <summary>One request: what its body and its parameters say, checked.</summary>
/// <param name="request">The request.</param>
/// <param name="body">Its body, read already.</param>
public sealed class ApiCall(HttpRequest request, byte[] body)
{
    /// <summary>How many things a page has unless the client asks for another number.</summary>
    public const int DefaultLimit = 50;

    /// <summary>The most things that a page has.</summary>
    public const int LargestLimit = 200;

    // A misspelt member would ask for something else than was meant.
    private static readonly JsonSerializerOptions _strict = new(CloudPipeJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
    };

    /// <summary>How request bodies are read.</summary>
    public static JsonSerializerOptions Json => _strict;

    /// <summary>The request.</summary>
    public HttpRequest Request => request;

    /// <summary>Reads the body.</summary>
    /// <typeparam name="T">What it must hold.</typeparam>
    /// <returns>The value.</returns>
    /// <exception cref="ProblemException">It is not of that form; the problem names the member.</exception>
    public T Read<T>()
        where T : class
    {
        // Also what keeps a web page from posting here in its visitor's name: this media type needs a preflight that nobody answers.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? mediaType)
            || !mediaType.MediaType.Equals(ApiAnswer.JsonMediaType, StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(ProblemType.UnsupportedMediaType, $"The Content-Type is '{request.ContentType}'; send JSON as '{ApiAnswer.JsonMediaType}'.");
        }

        CheckMembers(typeof(T));
        try
        {
            return JsonSerializer.Deserialize<T>(body, _strict) ?? throw NoObject("null");
        }
        catch (JsonException exception)
        {
            string? field = exception.Path?.TrimStart('$').TrimStart('.');
            throw string.IsNullOrEmpty(field)
                ? new ProblemException(ProblemType.InvalidBody, "The body does not have the form that this operation takes; see /api/openapi.json.")
                : new ProblemException(ProblemType.InvalidField, $"'{field}' is not of the type that it must have; see /api/openapi.json.", field);
        }
    }

    /// <summary>A query parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its value, or <see langword="null"/> when it is not given or empty.</returns>
    /// <exception cref="ProblemException">It is given twice.</exception>
    public string? Query(string name) => request.Query[name] switch
    {
        { Count: > 1 } => throw new ProblemException(ProblemType.InvalidField, $"The parameter '{name}' is given more than once.", name),
        var values => string.IsNullOrEmpty(values) ? null : values.ToString(),
    };

    /// <summary>The parameter <c>limit</c>.</summary>
    /// <returns>How many things are wanted at most.</returns>
    /// <exception cref="ProblemException">It is no number from 1 to <see cref="LargestLimit"/>.</exception>
    public int Limit()
    {
        string? text = Query("limit");
        return text is null ? DefaultLimit
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= LargestLimit ? limit
            : throw new ProblemException(ProblemType.InvalidField, $"The parameter 'limit' is '{text}'; it must be a number from 1 to {LargestLimit}.", "limit");
    }

    /// <summary>Lists a page of a container: the parameters <c>prefix</c>, <c>continuationToken</c> and <c>limit</c> say which.</summary>
    /// <param name="store">The store.</param>
    /// <param name="container">The container.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ProblemException">A parameter is faulty; the token may be none that an answer had.</exception>
    public async Task<BlobPage> ListAsync(IBlobStore store, string container, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ListAsync(container, Query("prefix"), ContinuationToken(), Limit(), cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException exception) when (exception.ParamName == "continuationToken")
        {
            throw InvalidToken();
        }
    }

    /// <summary>The reference to the next page: this request's own, with another token.</summary>
    /// <param name="continuationToken">The store's token after this page, or <see langword="null"/> after the last.</param>
    /// <returns>A reference with an absolute path, without a key, or <see langword="null"/>.</returns>
    public string? NextLink(string? continuationToken)
    {
        if (continuationToken is null)
        {
            return null;
        }

        IEnumerable<string> parameters = request.Query
            .Where(parameter => parameter.Key is "limit" or "prefix" && !string.IsNullOrEmpty(parameter.Value))
            .Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value.ToString())}");
        return $"{request.Path}?{string.Join('&', parameters.Append($"continuationToken={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(continuationToken))}"))}";
    }

    /// <summary>Names what is asked for: a repeat has the same name.</summary>
    /// <returns>The hash of the parameters and the body; a key is no part of it.</returns>
    public string Fingerprint()
    {
        IEnumerable<string> parameters = request.Query.Where(parameter => parameter.Key != "code").OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
            .Select(parameter => $"{parameter.Key}={parameter.Value}\n");
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(string.Concat(parameters)), .. body]));
    }

    // The store's own token, or null for the first page.
    private string? ContinuationToken()
    {
        string? text = Query("continuationToken");
        return text is null ? null
            : Base64Url.IsValid(text) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text))
            : throw InvalidToken();
    }

    private static ProblemException InvalidToken() =>
        new(ProblemType.InvalidField, "The parameter 'continuationToken' is none that an answer had; follow its 'nextLink' as it is, or begin again without it.", "continuationToken");

    private static ProblemException NoObject(string what) => new(ProblemType.InvalidBody, $"The body holds {what}; a JSON object is expected.");

    /// <summary>Names the members that are unknown or missing, which the serializer tells only in prose.</summary>
    private void CheckMembers(Type type)
    {
        JsonTypeInfo known = _strict.GetTypeInfo(type);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException exception)
        {
            throw new ProblemException(ProblemType.InvalidBody, $"The body is no JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw NoObject($"the JSON value {document.RootElement.ValueKind}");
            }

            string[] given = [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
            if (given.FirstOrDefault(name => known.Properties.All(property => property.Name != name)) is { } unknown)
            {
                throw new ProblemException(
                    ProblemType.InvalidField, $"'{unknown}' is not known; there are {string.Join(", ", known.Properties.Select(property => property.Name))}.", unknown);
            }

            if (given.CountBy(name => name).FirstOrDefault(name => name.Value > 1).Key is { } repeated)
            {
                throw new ProblemException(ProblemType.InvalidField, $"'{repeated}' is there more than once.", repeated);
            }

            if (known.Properties.FirstOrDefault(property => property.IsRequired && !given.Contains(property.Name)) is { } missing)
            {
                throw new ProblemException(ProblemType.InvalidField, $"'{missing.Name}' is missing.", missing.Name);
            }
        }
    }
}
