using System.Text;
using CloudPipe.Labels;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Labels;

public class QvPipeLabelsTests
{
    private static readonly Taxonomy _taxonomy = QvPipeTaxonomy.Taxonomy;

    [Fact]
    public void Videos_come_in_the_order_of_their_names_with_their_labels_ascending()
    {
        IReadOnlyList<LabelledVideo> videos = Read("""{"b.mp4": [14, 1, 1], "a.mp4": [0], "c.mp4": []}""");

        Assert.Equal(["a.mp4", "b.mp4", "c.mp4"], videos.Select(video => video.Name));
        Assert.Equal([[0], [1, 14], []], videos.Select(video => video.Labels.ToArray()));
    }

    [Theory]
    [InlineData("""{"a.mp4": [17]}""", "a.mp4", "0 to 16")]
    [InlineData("""{"a.mp4": [-1]}""", "a.mp4", "0 to 16")]
    [InlineData("""{"a.mp4": ["CJ"]}""", "a.mp4", "CJ")]
    [InlineData("""{"a.mp4": 3}""", "a.mp4", "list")]
    [InlineData("""{"a.mp4": [1], "a.mp4": [2]}""", "a.mp4", "twice")]
    [InlineData("""{"a.mp4": [0, 3]}""", "a.mp4", "ZC")]
    [InlineData("""[1]""", "object", "list")]
    [InlineData("""{"a.mp4": [1""", "no JSON", "")]
    public void A_fault_is_named_with_its_video(string json, params string[] words)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => Read(json));
        Assert.All(words, word => Assert.Contains(word, exception.Message));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        LabelledVideo[] videos = [new("a \"quoted\".mp4", [3, 5]), new("ü.mp4", [])];

        IReadOnlyList<LabelledVideo> read = QvPipeLabels.Read(QvPipeLabels.Write(videos), _taxonomy);

        Assert.Equal(videos.Select(video => video.Name), read.Select(video => video.Name));
        Assert.Equal(videos.Select(video => video.Labels), read.Select(video => video.Labels));
    }

    [Fact]
    public void The_official_order_gives_the_data_set_s_counts()
    {
        // In a clone without QV-Pipe's labels: the order of the codes alone.
        Assert.Equal("ZC CJ CK ZW JG SG PL BX CR FZ FS AJ CQ SL QF TJ TL", string.Join(' ', _taxonomy.Classes.Select(entry => entry.Code)));
        Assert.Equal([2, 6, 7, 8, 10, 11, 13, 14, 15, 16], Indices(DefectKind.Structural));
        Assert.Equal([1, 3, 4, 5, 9, 12], Indices(DefectKind.Functional));
        if (ParityData.QvPipeLabels() is not byte[] json)
            return;

        IReadOnlyList<LabelledVideo> videos = QvPipeLabels.Read(json, _taxonomy);

        int[] counts = [.. Enumerable.Range(0, 17).Select(label => videos.Count(video => video.Labels.Contains(label)))];
        Assert.Equal(6399, videos.Count);
        Assert.Equal([1690, 1502, 1128, 770, 646, 270, 492, 521, 374, 243, 340, 223, 164, 100, 98, 228, 133], counts);
    }

    private static IReadOnlyList<LabelledVideo> Read(string json) => QvPipeLabels.Read(Encoding.UTF8.GetBytes(json), _taxonomy);

    private static IEnumerable<int> Indices(DefectKind kind) =>
        _taxonomy.Classes.Select((entry, index) => (entry, index)).Where(pair => pair.entry.Kind == kind).Select(pair => pair.index);
}
