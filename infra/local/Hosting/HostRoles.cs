namespace CloudPipe.Local.Hosting;

/// <summary>What a process of CloudPipe does for its bucket.</summary>
[Flags]
public enum HostRoles
{
    /// <summary>Finds uploads, and runs the functions: everything that needs no network.</summary>
    Functions = 1,

    /// <summary>Scores and trains.</summary>
    Worker = 2,

    /// <summary>All of it, on a single machine.</summary>
    All = Functions | Worker,
}
