namespace CloudPipe.Functions.Api.Problems;

/// <summary>A kind of problem that the API answers with (RFC 9457).</summary>
/// <param name="Name">Its name, the end of <see cref="Uri"/>.</param>
/// <param name="Title">What it is, the same for every occurrence.</param>
/// <param name="Status">The HTTP status.</param>
public sealed record ProblemType(string Name, string Title, int Status)
{
    /// <summary>The request's body is no JSON object that the operation takes.</summary>
    public static readonly ProblemType InvalidBody = new("invalid-body", "The body is not what this operation takes", 400);

    /// <summary>A field of the body, or a parameter, has a value that cannot be.</summary>
    public static readonly ProblemType InvalidField = new("invalid-field", "A value is not accepted", 400);

    /// <summary>There is no valid key.</summary>
    public static readonly ProblemType Unauthorized = new("unauthorized", "A key is needed", 401);

    /// <summary>The caller may not do this.</summary>
    public static readonly ProblemType Forbidden = new("forbidden", "This is not allowed", 403);

    /// <summary>There is no such thing.</summary>
    public static readonly ProblemType NotFound = new("not-found", "There is no such thing", 404);

    /// <summary>The path is known, the method is not.</summary>
    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", "This path does not take this method", 405);

    /// <summary>What is there already stands against it.</summary>
    public static readonly ProblemType Conflict = new("conflict", "What is there already stands against it", 409);

    /// <summary>The first request with this idempotency key is being worked on.</summary>
    public static readonly ProblemType InProgress = new("request-in-progress", "The first request with this key is not answered yet", 409);

    /// <summary>A condition of the request does not hold.</summary>
    public static readonly ProblemType PreconditionFailed = new("precondition-failed", "A condition of the request does not hold", 412);

    /// <summary>The body is too large.</summary>
    public static readonly ProblemType BodyTooLarge = new("body-too-large", "The body is too large", 413);

    /// <summary>The body is not JSON by its media type.</summary>
    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", "The body must be JSON", 415);

    /// <summary>The idempotency key came with another request before.</summary>
    public static readonly ProblemType KeyReused = new("idempotency-key-reused", "This key belongs to another request", 422);

    /// <summary>A webhook's receiver does not consent to deliveries.</summary>
    public static readonly ProblemType HandshakeRefused = new("handshake-refused", "The receiver does not consent to deliveries", 422);

    /// <summary>The fault is CloudPipe's.</summary>
    public static readonly ProblemType Internal = new("internal-error", "Something went wrong here", 500);

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<ProblemType> All { get; } =
    [
        InvalidBody, InvalidField, Unauthorized, Forbidden, NotFound, MethodNotAllowed, Conflict, InProgress, PreconditionFailed, BodyTooLarge,
        UnsupportedMediaType, KeyReused, HandshakeRefused, Internal,
    ];

    /// <summary>Names the kind for programs. It is no address: there is no page to read.</summary>
    public string Uri => $"urn:cloudpipe:problem:{Name}";
}
