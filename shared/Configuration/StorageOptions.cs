using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Configuration;

/// <summary>Section <c>CloudPipe:Storage</c>: where blobs live.</summary>
public sealed class StorageOptions : IValidatableObject
{
    /// <summary>Where blobs live: <c>folder</c> or <c>azure</c>.</summary>
    /// <value><c>folder</c> by default.</value>
    public StorageKind Kind { get; set; } = StorageKind.Folder;

    /// <summary>The bucket's folder, for <c>folder</c>; the <c>--bucket</c> option sets it.</summary>
    /// <value><c>bucket</c> in the working directory by default.</value>
    [Required]
    public string Folder { get; set; } = "bucket";

    /// <summary>The storage account's connection string, for <c>azure</c>.</summary>
    /// <value>None by default.</value>
    public string? ConnectionString { get; set; }

    /// <summary>The account's blob address, for <c>azure</c> with a managed identity: <c>https://ACCOUNT.blob.core.windows.net</c>.</summary>
    /// <value>None by default.</value>
    public Uri? AccountUrl { get; set; }

    /// <summary>Whether a process that starts makes the containers that are not there; no where a deployment makes them and identities may not.</summary>
    /// <value>Yes by default.</value>
    public bool CreateContainers { get; set; } = true;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind == StorageKind.Azure && string.IsNullOrEmpty(ConnectionString) == (AccountUrl is null))
        {
            yield return new ValidationResult(
                $"azure needs exactly one of {nameof(ConnectionString)} and {nameof(AccountUrl)}", [nameof(Kind)]);
        }
    }
}
