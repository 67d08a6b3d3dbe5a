using System.Xml.Linq;
using CloudPipe.Deployment.Tests.Support;
using CloudPipe.Local.Commands;
using CloudPipe.Tests.Support;

namespace CloudPipe.Deployment.Tests.Docker;

public sealed class DockerfileTests
{
    public static TheoryData<string> Paths => [.. Dockerfile.Paths];

    [Fact]
    public void There_is_one_for_each_image() => Assert.Equal(
        ["infra/docker/functions.Dockerfile", "infra/docker/local.Dockerfile", "infra/docker/worker-pytorch.Dockerfile", "infra/docker/worker.Dockerfile"], Dockerfile.Paths);

    [Theory]
    [MemberData(nameof(Paths))]
    public void What_it_copies_is_there_and_not_ignored(string path)
    {
        string[] ignored = [.. File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore")).Where(line => line.Length > 0 && line[0] != '#')];
        string[] copied = [.. new Dockerfile(path).CopiedPaths];

        Assert.NotEmpty(copied);
        Assert.All(copied, source => Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), $"{path} copies {source}, which is not there."));
        Assert.DoesNotContain(copied, source => ignored.Contains(source.Split('/')[0]));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_project_that_is_built_comes_with_those_that_it_references(string path)
    {
        var file = new Dockerfile(path);
        string[] folders = [.. file.CopiedPaths.Where(source => source.EndsWith('/'))];
        string[] built = [.. file.Of("RUN").SelectMany(run => run.Split(' ')).Where(word => word.EndsWith(".csproj", StringComparison.Ordinal)).Distinct()];

        Assert.NotEmpty(built);
        Assert.All(built.SelectMany(Referenced), project => Assert.Contains(folders, folder => project.StartsWith(folder, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void It_runs_as_nobody_in_particular(string path)
    {
        string user = new Dockerfile(path).Single("USER");

        Assert.All(user.Split(':'), id => Assert.True(int.Parse(id) > 999, $"{path} runs as {user}"));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Its_bases_are_pinned(string path) => Assert.All(new Dockerfile(path).BaseImages, image =>
    {
        Assert.Matches(@"^[\w./-]+:[\w.-]*\d[\w.-]*$", image);
        Assert.DoesNotContain("latest", image, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Paths))]
    public void It_says_what_it_is_and_how_it_fares(string path)
    {
        var file = new Dockerfile(path);
        string labels = file.Single("LABEL");

        Assert.All(["title", "description", "version", "revision"], label => Assert.Contains($"org.opencontainers.image.{label}=", labels, StringComparison.Ordinal));
        Assert.Contains(file.LastStage, instruction => instruction.Name == "HEALTHCHECK");
        Assert.Equal(ProductVersion(), file.Arguments["VERSION"]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Something_reads_what_it_sets(string path) =>
        Assert.All(new Dockerfile(path).EnvironmentNames, name => Assert.True(KnownSettings.Contains(name), $"{path}: nothing reads {name}."));

    [Theory]
    [InlineData("functions", "nuget")]
    [InlineData("worker", "nuget")]
    [InlineData("worker-pytorch", "source")]
    [InlineData("local", "source")]
    public void It_is_built_with_the_packages_that_it_is_for(string name, string packages)
    {
        var file = new Dockerfile($"infra/docker/{name}.Dockerfile");
        string[] builds = [.. file.Of("RUN").Where(run => run.StartsWith("dotnet ", StringComparison.Ordinal))];

        Assert.Contains(builds, build => build.StartsWith("dotnet publish", StringComparison.Ordinal));
        Assert.All(builds, build => Assert.Contains($"-p:CloudPipePackages={packages}", build, StringComparison.Ordinal));
        // The stand-ins have no business in an image of the real packages.
        Assert.Equal(packages == "source", file.CopiedPaths.Contains("infra/packages/"));
    }

    [Fact]
    public void The_functions_listen_where_the_platform_asks()
    {
        var file = new Dockerfile("infra/docker/functions.Dockerfile");
        string port = BicepFiles.Module("functions-app").Named("port").Value.Source;

        Assert.Equal(port, file.Single("EXPOSE"));
        Assert.Contains($"ASPNETCORE_URLS=http://+:{port}", file.Single("ENV"), StringComparison.Ordinal);
        Assert.Contains($"http://localhost:{port}/admin/host/ping", file.Single("HEALTHCHECK"), StringComparison.Ordinal);
        Assert.Contains("path:'/admin/host/ping'", BicepFiles.Module("functions-app").Root.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("worker")]
    [InlineData("worker-pytorch")]
    [InlineData("local")]
    public void It_starts_the_program_that_is_published(string name)
    {
        var file = new Dockerfile($"infra/docker/{name}.Dockerfile");

        Assert.Equal(["dotnet", $"/app/{typeof(CommandLineApplication).Assembly.GetName().Name}.dll"], file.Words("ENTRYPOINT"));
        Assert.Contains(file.LastStage, instruction => instruction == ("COPY", "--from=build /publish /app"));
        Assert.Contains(file.Of("RUN"), run => run.StartsWith("dotnet publish infra/local/CloudPipe.Local.csproj", StringComparison.Ordinal) && run.EndsWith("-o /publish", StringComparison.Ordinal));
    }

    [Fact]
    public void The_job_mounts_its_cache_where_the_image_has_it()
    {
        string mounted = BicepFiles.Module("worker-job").Root.DescendantsOf("object").Select(body => body.Property("mountPath")?.StringValue).OfType<string>().Single();

        Assert.Equal([mounted], new Dockerfile("infra/docker/worker.Dockerfile").Words("VOLUME"));
        Assert.Contains($"CloudPipe__Scoring__CacheFolder={mounted}/weights", new Dockerfile("infra/docker/worker.Dockerfile").Single("ENV"), StringComparison.Ordinal);
        Assert.Contains($"chown 1654:1654 {mounted}", string.Join(' ', new Dockerfile("infra/docker/worker.Dockerfile").Of("RUN")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_worker_has_a_variant_for_each_device_that_the_project_knows()
    {
        var file = new Dockerfile("infra/docker/worker.Dockerfile");
        string project = File.ReadAllText(Path.Combine(Repository.Root, "gpu-worker/CloudPipe.GpuWorker.csproj"));

        Assert.Equal("cuda", file.Arguments["DEVICE"]);
        foreach (string device in (string[])["cuda", "cpu"])
        {
            Assert.Contains($"base-{device}", file.Stages);
            Assert.Contains($"'$(CloudPipeTorch)' == '{device}'", project, StringComparison.Ordinal);
        }

        Assert.All(file.Of("RUN").Where(run => run.StartsWith("dotnet ", StringComparison.Ordinal)), run => Assert.Contains("-p:CloudPipeTorch=${DEVICE}", run, StringComparison.Ordinal));
    }

    private static string ProductVersion() =>
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>A project and all that it references, by their paths below the repository.</summary>
    private static IEnumerable<string> Referenced(string project)
    {
        string folder = Path.GetDirectoryName(project)!;
        return XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference")
            .Select(reference => Path.GetRelativePath(Repository.Root, Path.GetFullPath(reference.Attribute("Include")!.Value, Path.Combine(Repository.Root, folder))))
            .SelectMany(Referenced).Prepend(project);
    }
}
