namespace CloudPipe.Tests.Support;

/// <summary>The repository that the tests run from.</summary>
internal static class Repository
{
    /// <summary>The folder of <c>CloudPipe.sln</c>.</summary>
    /// <exception cref="InvalidOperationException">The tests run outside of it.</exception>
    public static string Root { get; } = Find();

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CloudPipe.sln")))
            folder = folder.Parent;

        return folder?.FullName ?? throw new InvalidOperationException($"No CloudPipe.sln above {AppContext.BaseDirectory}: the tests run from the repository.");
    }
}
