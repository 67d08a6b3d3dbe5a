using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CloudPipe.Tests.Support;

/// <summary>An Azurite of its own on free ports, with nothing in it.</summary>
public sealed class AzuriteProcess : IAsyncDisposable
{
    // The account and key that Azurite's documentation gives everybody.
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string Account = "devstoreaccount1";

    // The shell ends Azurite when the pipe to it closes, which it also does when the tests are killed.
    private const string StopWithParent = "exec 3<&0; \"$@\" </dev/null 3<&- & child=$!; { read -r _ <&3; kill $child; } & wait $child";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private AzuriteProcess(int[] ports, bool forManyBlobs)
    {
        ConnectionString =
            $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};" +
            $"BlobEndpoint=http://127.0.0.1:{ports[0]}/{Account};QueueEndpoint=http://127.0.0.1:{ports[1]}/{Account};";
        _process = Process.Start(new ProcessStartInfo("sh", ["-c", StopWithParent, "sh", "node", .. forManyBlobs ? ["--require", InFolder("many-blobs.cjs")] : Array.Empty<string>(), FindAzurite(),
            "--inMemoryPersistence", "--disableTelemetry", "--silent", "--skipApiVersionCheck",
            "--blobHost", "127.0.0.1", "--blobPort", $"{ports[0]}",
            "--queueHost", "127.0.0.1", "--queuePort", $"{ports[1]}",
            "--tableHost", "127.0.0.1", "--tablePort", $"{ports[2]}"])
        {
            RedirectStandardInput = true,
            WorkingDirectory = _folder.FullPath,
        })!;
    }

    public string ConnectionString { get; }

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="forManyBlobs">Whether it is made to bear many thousand blobs; else each request walks all that there are.</param>
    public static async Task<AzuriteProcess> StartAsync(bool forManyBlobs = false)
    {
        int[] ports = FreePorts.Find(3);
        var azurite = new AzuriteProcess(ports, forManyBlobs);
        await azurite.WaitForAsync(ports[0]);
        await azurite.WaitForAsync(ports[1]);
        return azurite;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static string InFolder(string file) => Path.Combine(Repository.Root, "infra/azurite", file);

    private static string FindAzurite()
    {
        string program = InFolder("node_modules/azurite/dist/src/azurite.js");
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException($"Azurite is not installed: {program} is missing. Run 'make setup', or 'npm ci --prefix infra/azurite'.");
    }

    private async Task WaitForAsync(int port)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException exception)
            {
                if (Stopwatch.GetElapsedTime(start) > _patience || _process.HasExited)
                {
                    throw new InvalidOperationException($"Azurite does not answer on port {port}. Start it by hand to see why: node {FindAzurite()}", exception);
                }

                await Task.Delay(50);
            }
        }
    }
}
