using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Functions.Api;

/// <summary>Section <c>CloudPipe:Api</c>: what the HTTP API gives out.</summary>
public sealed class ApiOptions : IValidatableObject
{
    /// <summary>The address at which clients reach the API, where that is not the one that requests come with: behind a server with TLS. A folder's upload addresses begin with it.</summary>
    /// <value>The request's own by default.</value>
    public Uri? PublicUrl { get; set; }

    /// <summary>How long an upload address works; an upload that has begun may end later.</summary>
    /// <value>1 hour by default.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicUrl is not null && !(PublicUrl.IsAbsoluteUri && PublicUrl.Scheme is "http" or "https" && PublicUrl.PathAndQuery == "/"))
        {
            yield return new ValidationResult("It must be an http or https address without a path, for example https://pipes.example.com.", [nameof(PublicUrl)]);
        }
    }
}
