using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Functions.Api;

/// <summary>Section <c>CloudPipe:Api</c>: what the HTTP API gives out.</summary>
public sealed class ApiOptions
{
    /// <summary>How long an upload address works; an upload that has begun may end later.</summary>
    /// <value>1 hour by default.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromHours(1);
}
