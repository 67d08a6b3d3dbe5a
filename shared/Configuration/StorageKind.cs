namespace CloudPipe.Configuration;

/// <summary>Where blobs live.</summary>
public enum StorageKind
{
    /// <summary>A folder on this machine, one sub-folder a container.</summary>
    Folder,

    /// <summary>An Azure Storage account, or Azurite.</summary>
    Azure,
}
