using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CloudPipe.Inspections;
using CloudPipe.Shared.Tests.Videos;
using FFMpegCore;
using FFMpegCore.Enums;

namespace CloudPipe.Shared.Tests.Inspections;

/// <summary>Bad input is an outcome: each kind ends with its reason, told to a person.</summary>
public sealed class BadInputTests : IAsyncLifetime, IDisposable
{
    private const string Name = "street/video.mp4";

    private readonly InspectionBucket _bucket = new(new InspectionOptions { MaxDurationSeconds = 30 });

    public Task InitializeAsync() => _bucket.PublishAsync(InspectionBucket.DemoRelease());

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task An_empty_file_is_rejected()
    {
        await _bucket.UploadAsync(Name, []);
        await AssertRejectedAsync(ReasonCode.EmptyFile, "is empty");
    }

    [Theory]
    [InlineData("This is a letter, not a video.\n")]
    [InlineData("{\"video\": 1}")]
    [InlineData("1\n00:00:00,000 --> 00:00:05,000\na subtitle\n")]
    [InlineData("<html><body>404</body></html>")]
    public async Task Text_is_rejected(string text)
    {
        await _bucket.UploadAsync(Name, System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, 50))));
        await AssertRejectedAsync(ReasonCode.NotAVideo, "is no video in a container that is read");
    }

    [Fact]
    public async Task An_mp4_without_its_index_is_rejected()
    {
        await UploadPartAsync(new NumberedVideo(".mp4", "-c:v libx264 -preset ultrafast"), 0.6);
        await AssertRejectedAsync(ReasonCode.Truncated, "without its index");
    }

    [Fact]
    public async Task An_mp4_that_ends_before_its_index_says_is_rejected()
    {
        await UploadPartAsync(new NumberedVideo(".mp4", "-c:v libx264 -preset ultrafast -g 25 -movflags faststart"), 0.5);
        await AssertRejectedAsync(ReasonCode.Truncated, "although its header says 10 s");
    }

    [Fact]
    public async Task A_matroska_file_that_ends_before_its_header_says_is_rejected()
    {
        await UploadPartAsync(new NumberedVideo(".mkv", "-c:v libx264 -preset ultrafast -g 25"), 0.5);
        await AssertRejectedAsync(ReasonCode.Truncated, "although its header says 10 s");
    }

    [Fact]
    public async Task An_avi_that_ends_before_its_header_says_is_rejected()
    {
        await UploadPartAsync(new NumberedVideo(".avi", "-c:v mjpeg -q:v 3"), 0.5);
        await AssertRejectedAsync(ReasonCode.Truncated, "although its header says");
    }

    [Fact]
    public async Task Sound_alone_is_rejected()
    {
        string file = _bucket.TemporaryFile(".mp4");
        await FFMpegArguments.FromFileInput("sine=frequency=440:duration=2", verifyExists: false, input => input.ForceFormat("lavfi"))
            .OutputToFile(file).WithLogLevel(FFMpegLogLevel.Error).ProcessAsynchronously();
        await _bucket.UploadFileAsync(Name, file);
        await AssertRejectedAsync(ReasonCode.NoVideoStream, "only sound");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(30_000, 30_000)]
    [InlineData(8, 96)]
    public async Task A_picture_of_impossible_size_is_rejected(int width, int height)
    {
        string file = _bucket.TemporaryFile(".avi");
        await new NumberedVideo(".avi", "-c:v mjpeg -q:v 3") { FrameCount = 20 }.WriteAsync(file);
        byte[] bytes = await File.ReadAllBytesAsync(file);

        // The stream's BITMAPINFOHEADER; its pictures are made unreadable, so that the header has the last word.
        int format = bytes.AsSpan().IndexOf("strf"u8) + 8;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(format + 4), width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(format + 8), height);
        "DIB "u8.CopyTo(bytes.AsSpan(format + 16));
        bytes.AsSpan(bytes.AsSpan().IndexOf("movi"u8) + 12, 2000).Clear();
        await _bucket.UploadAsync(Name, bytes);
        await AssertRejectedAsync(ReasonCode.UnsupportedSize, $"{width}×{height} pixels");
    }

    [Fact]
    public async Task A_video_without_a_readable_frame_is_rejected()
    {
        string file = _bucket.TemporaryFile(".mp4");
        await new NumberedVideo(".mp4", "-c:v libx264 -preset ultrafast") { FrameCount = 50 }.WriteAsync(file);
        byte[] bytes = await File.ReadAllBytesAsync(file);
        int media = bytes.AsSpan().IndexOf("mdat"u8) + 4, index = bytes.AsSpan().IndexOf("moov"u8) - 4;
        bytes.AsSpan(media..index).Clear();
        await _bucket.UploadAsync(Name, bytes);
        await AssertRejectedAsync(ReasonCode.Undecodable, "no frame that can be decoded");
    }

    [Fact]
    public async Task A_video_that_is_too_long_is_rejected()
    {
        await _bucket.UploadAsync(Name, new NumberedVideo(".mp4", "-c:v libx264 -preset ultrafast -g 10") { FramesPerSecond = 1, FrameCount = 31 });
        await AssertRejectedAsync(ReasonCode.TooLong, "lasts 31 s; at most 30 s are accepted");
    }

    [Theory]
    [InlineData("ffconcat version 1.0\nfile '{0}'\n")]
    [InlineData("file '{0}'\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\n{0}\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10.0,\nconcat:{0}|{0}\n#EXT-X-ENDLIST\n")]
    [InlineData("[playlist]\nFile1={0}\nNumberOfEntries=1\n")]
    [InlineData("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" profiles=\"urn:mpeg:dash:profile:isoff-main:2011\"><Period><AdaptationSet mimeType=\"video/mp4\"><Representation id=\"1\"><BaseURL>{0}</BaseURL></Representation></AdaptationSet></Period></MPD>")]
    public async Task A_script_that_names_other_files_is_rejected_and_opens_none(string script)
    {
        // Opening a FIFO to write blocks until somebody opens it to read: so it shows whether anybody did.
        string canary = _bucket.TemporaryFile(".mkv");
        using (Process make = Process.Start("mkfifo", canary))
            await make.WaitForExitAsync();
        Task<FileStream> writer = Task.Run(() => new FileStream(canary, FileMode.Open, FileAccess.Write));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/a.mkv";

        foreach (string target in new[] { canary, $"file://{canary}", address })
        {
            await _bucket.UploadAsync(Name, System.Text.Encoding.UTF8.GetBytes(string.Format(System.Globalization.CultureInfo.InvariantCulture, script, target)));
            await AssertRejectedAsync(ReasonCode.NotAVideo, "is no video");
        }

        Assert.False(writer.IsCompleted, "the file that the script names was opened");
        Assert.False(listener.Pending(), "the address that the script names was asked");
        await using var reader = new FileStream(canary, FileMode.Open, FileAccess.Read);
        (await writer).Dispose();
    }

    [Fact]
    public async Task A_release_that_is_not_there_is_named()
    {
        await _bucket.UploadAsync(Name, new NumberedVideo(".mp4", "-c:v libx264 -preset ultrafast") { FrameCount = 5 });
        await _bucket.UploadAsync($"{Name}.json", """{"release": "nowhere"}"""u8.ToArray());
        await AssertRejectedAsync(ReasonCode.InvalidRelease, "There is no release 'nowhere'");
    }

    [Fact]
    public async Task A_release_that_cannot_be_a_path_is_refused()
    {
        await _bucket.UploadAsync(Name, [1]);
        await _bucket.UploadAsync($"{Name}.json", """{"release": "../plans/x"}"""u8.ToArray());
        await AssertRejectedAsync(ReasonCode.InvalidRelease, "'../plans/x' cannot name a release");
    }

    [Fact]
    public async Task A_release_without_members_is_refused()
    {
        await _bucket.PublishAsync(InspectionBucket.DemoRelease() with { Members = [] });
        await _bucket.UploadAsync(Name, new NumberedVideo(".mp4", "-c:v libx264 -preset ultrafast") { FrameCount = 5 });
        await AssertRejectedAsync(ReasonCode.InvalidRelease, "members is empty");
    }

    private async Task UploadPartAsync(NumberedVideo video, double share)
    {
        string file = _bucket.TemporaryFile(video.Extension);
        await video.WriteAsync(file);
        byte[] bytes = await File.ReadAllBytesAsync(file);
        await _bucket.UploadAsync(Name, bytes[..(int)(bytes.Length * share)]);
    }

    private async Task AssertRejectedAsync(ReasonCode code, string text)
    {
        InspectionRejectedException exception = await Assert.ThrowsAsync<InspectionRejectedException>(() => _bucket.IngestAsync(Name));
        Assert.True(code == exception.Reason.Code, $"{exception.Reason.Code}: {exception.Reason.Message}");
        Assert.Contains(text, exception.Reason.Message, StringComparison.Ordinal);
        Assert.Empty(await _bucket.ReceiveAllAsync(CloudPipe.Queues.QueueNames.Cut));
    }
}
