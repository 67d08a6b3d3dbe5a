namespace CloudPipe.EndToEnd.Tests.Support;

/// <summary>How CloudPipe's work is spread over processes, and where they meet.</summary>
public enum Topology
{
    /// <summary>One process on a folder and a SQLite file.</summary>
    OneProcess,

    /// <summary>The functions and two workers on a folder and a SQLite file.</summary>
    ProcessesOnSqlite,

    /// <summary>The functions and two workers on Azurite's blobs and queues.</summary>
    ProcessesOnAzurite,
}
