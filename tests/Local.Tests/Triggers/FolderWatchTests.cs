using CloudPipe.Local.Triggers;
using CloudPipe.Tests.Support;

namespace CloudPipe.Local.Tests.Triggers;

public sealed class FolderWatchTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _elsewhere = new();

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task Files_that_come_are_named_by_their_path_in_the_folder()
    {
        Directory.CreateDirectory(_folder.File("street"));
        using var watch = new FolderWatch(_folder.FullPath);

        await File.WriteAllTextAsync(_folder.File("street/a.mp4"), "a");
        await File.WriteAllTextAsync(_elsewhere.File("b.part"), "b");
        File.Move(_elsewhere.File("b.part"), _folder.File("b.part"));
        File.Move(_folder.File("b.part"), _folder.File("b.mp4"));

        var names = new HashSet<string>();
        while (!names.IsSupersetOf(["street/a.mp4", "b.mp4"]))
        {
            await watch.WaitAsync(default).WaitAsync(_patience);
            names.UnionWith(watch.Take()!);
        }

        Assert.Empty(watch.Take()!);
    }

    [Fact]
    public async Task Of_a_folder_that_comes_whole_the_files_are_not_known()
    {
        Directory.CreateDirectory(_elsewhere.File("street"));
        await File.WriteAllTextAsync(_elsewhere.File("street/a.mp4"), "a");
        using var watch = new FolderWatch(_folder.FullPath);

        Directory.Move(_elsewhere.File("street"), _folder.File("street"));
        await watch.WaitAsync(default).WaitAsync(_patience);

        Assert.Null(watch.Take());
    }
}
