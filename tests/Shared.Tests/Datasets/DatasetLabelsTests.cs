using System.Text;
using CloudPipe.Datasets;
using CloudPipe.Labels;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Datasets;

public sealed class DatasetLabelsTests : IDisposable
{
    private const string SewerMlHeading = "Filename,WaterLevel,VA,RB,OB,PF,DE,FS,IS,RO,IN,AF,BE,FO,GR,PH,PB,OS,OP,OK,ND,Defect";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void QV_Pipe_s_videos_are_samples_of_their_names()
    {
        IReadOnlyList<DatasetSample> samples = Read(DatasetFormat.QvPipe, """{"street/b.mp4": [14, 1], "a.mp4": [0]}""");

        Assert.Equal(["a.mp4", "street/b.mp4"], samples.Select(sample => sample.Name));
        Assert.Equal([1, 14], samples[1].Labels);
        Assert.All(samples, sample => Assert.Null(sample.Span));
    }

    [Fact]
    public void A_moment_becomes_a_span_around_it_with_the_classes_of_all_that_it_touches()
    {
        IReadOnlyList<DatasetSample> samples = Read(DatasetFormat.CctvPipe, """
            {"database": {
              "v2": {"subset": "training", "duration": 100, "annotations": [{"label": "CK", "moment": 2}, {"label": "roots", "moment": "96.5"}]},
              "v1": {"subset": "validation", "annotations": [{"label": 13, "moment": 50}, {"label": "15", "moment": 54}, {"class": "FS", "segment": [55, 57.5]}, {"label": "ZC", "moment": 55}]},
              "v3": {"subset": "testing", "annotations": "hidden"},
              "v0": {"subset": "training", "annotations": []}}}
            """);

        Assert.Equal(["v1#45-55", "v1#49-59", "v1#50-60", "v1#55-57.5", "v2#0-7", "v2#91.5-100"], samples.Select(sample => sample.Name));
        Assert.Equal(["v1", "v1", "v1", "v1", "v2", "v2"], samples.Select(sample => sample.File));
        Assert.Equal(new DatasetSpan(91.5, 100), samples[5].Span);

        // 45–55 ends where the segment begins, and touches the moment of ZC, which stands with no defect.
        Assert.Equal([[13, 15], [10, 13, 15], [10, 13, 15], [10], [2], [5]], samples.Select(sample => sample.Labels.ToArray()));
    }

    [Fact]
    public void Samples_of_the_same_span_are_one()
    {
        DatasetSample sample = Assert.Single(Read(DatasetFormat.CctvPipe, """{"database": {"v": {"annotations": [{"label": 1, "moment": 20}, {"label": 4, "moment": 20}]}}}"""));

        Assert.Equal([1, 4], sample.Labels);
    }

    [Theory]
    [InlineData("""{"videos": {}}""", "database")]
    [InlineData("""{"database": {"v": {"duration": 10}}}""", "'v'", "annotations")]
    [InlineData("""{"database": {"v": {"duration": -1, "annotations": []}}}""", "'v'", "-1")]
    [InlineData("""{"database": {"v": {"annotations": [{"moment": 1}]}}}""", "annotation 1", "label")]
    [InlineData("""{"database": {"v": {"annotations": [{"label": 1, "moment": 1}, {"label": "XX", "moment": 1}]}}}""", "annotation 2", "XX", "qv-pipe")]
    [InlineData("""{"database": {"v": {"annotations": [{"label": 17, "moment": 1}]}}}""", "17")]
    [InlineData("""{"database": {"v": {"annotations": [{"label": 1}]}}}""", "moment")]
    [InlineData("""{"database": {"v": {"annotations": [{"label": 1, "moment": -0.5}]}}}""", "-0.5")]
    [InlineData("""{"database": {"v": {"duration": 10, "annotations": [{"label": 1, "moment": 12}]}}}""", "12", "10 s")]
    [InlineData("""{"database": {"v": {"annotations": [{"label": 1, "segment": [5, 4]}]}}}""", "[5, 4]")]
    [InlineData("""{"database": {"v": {"annotations": [{"label": 1, "segment": [-1, 4]}]}}}""", "[-1, 4]")]
    [InlineData("""{"database": {"v": {"annotations": [{"label": 1, "segment": [3]}]}}}""", "[3]")]
    [InlineData("""{"database": {"v": {"annotations": []}, "v": {"annotations": []}}}""", "twice")]
    [InlineData("""{"database": {"../v": {"annotations": []}}}""", "../v", "outside of the folder")]
    public void A_fault_of_CCTV_Pipe_s_labels_is_named(string json, params string[] words) => AssertFaulty(DatasetFormat.CctvPipe, json, words);

    [Fact]
    public void Sewer_ML_s_images_have_the_classes_whose_columns_are_1()
    {
        IReadOnlyList<DatasetSample> samples = Read(DatasetFormat.SewerMl, $"""
            {SewerMlHeading}
            00000002.png,5,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0
            00000001.png,15,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,1
            """);

        Assert.Equal(["00000001.png", "00000002.png"], samples.Select(sample => sample.Name));
        Assert.Equal([[0, 16], []], samples.Select(sample => sample.Labels.ToArray()));
        Assert.Equal("RB OB PF DE FS IS RO IN AF BE FO GR PH PB OS OP OK", string.Join(' ', SewerMlTaxonomy.Taxonomy.Classes.Select(entry => entry.Code)));
    }

    [Theory]
    [InlineData("Filename\n1.png", "RB, OB", "OK")]
    [InlineData(SewerMlHeading + "\n1.png,0,0,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0", "Line 2", "RB", "'2'")]
    [InlineData(SewerMlHeading + "\n1.png,0,0", "Line 2", "3 fields")]
    public void A_fault_of_Sewer_ML_s_tables_is_named(string csv, params string[] words) => AssertFaulty(DatasetFormat.SewerMl, csv, words);

    [Fact]
    public void A_table_s_labels_are_indices_codes_or_names()
    {
        IReadOnlyList<DatasetSample> samples = Read(DatasetFormat.Csv, "\uFEFFfile,labels\r\nd.mp4,\r\n\"c, \"\"old\"\".mp4\",joint offset;SL\r\nb.mp4,1 14\r\na.mp4,\"cj; Roots\"\r\n");

        Assert.Equal(["a.mp4", "b.mp4", "c, \"old\".mp4", "d.mp4"], samples.Select(sample => sample.File));
        Assert.Equal([[1, 5], [1, 14], [2, 13], []], samples.Select(sample => sample.Labels.ToArray()));
    }

    [Fact]
    public void A_table_may_have_a_column_for_each_class()
    {
        string[] codes = [.. QvPipeTaxonomy.Taxonomy.Classes.Select((entry, index) => (index % 3) switch { 0 => entry.Code, 1 => entry.Name, _ => $"{index}" })];

        DatasetSample sample = Assert.Single(Read(DatasetFormat.Csv, $"{string.Join(',', codes)},file\n0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1.0,a.mp4\n"));

        Assert.Equal([1, 16], sample.Labels);
    }

    [Theory]
    [InlineData("file,labels\na.mp4,XX", "Line 2", "XX")]
    [InlineData("file,labels\na.mp4,17", "Line 2", "17")]
    [InlineData("file,labels\na.mp4,1\nb.mp4,2\na.mp4,1", "Line 4", "line 2", "a.mp4")]
    [InlineData("file,labels\na.mp4,0;3", "Line 2", "ZC")]
    [InlineData("file,labels\n\"a\nb.mp4\",1\n/etc/passwd,1", "2 faults", "Line 2", "Line 4", "outside of the folder")]
    [InlineData("file,labels\n..\\x.mp4,1", "outside of the folder")]
    [InlineData("file,labels\n,1", "Line 2", "names no file")]
    [InlineData("file,labels", "no rows")]
    [InlineData("name,labels\na.mp4,1", "'file'")]
    [InlineData("file,ZC,XX\na.mp4,1,0", "XX", "CJ")]
    [InlineData("file,labels\n\"a.mp4,1", "never closed")]
    [InlineData("", "empty")]
    public void A_fault_of_a_table_is_named_with_its_line(string csv, params string[] words) => AssertFaulty(DatasetFormat.Csv, csv, words);

    [Fact]
    public void The_first_twenty_faults_are_listed_together()
    {
        string csv = $"file,labels\n{string.Join('\n', Enumerable.Range(0, 30).Select(index => $"{index}.mp4,X{index}"))}";

        string message = Assert.Throws<InvalidDataException>(() => Read(DatasetFormat.Csv, csv)).Message;

        Assert.Contains("30 faults", message);
        Assert.Contains("'X19'", message);
        Assert.DoesNotContain("'X20'", message);
        Assert.Contains("and 10 more", message);
    }

    [Fact]
    public void Several_faults_of_QV_Pipe_s_labels_are_listed_together() =>
        AssertFaulty(DatasetFormat.QvPipe, """{"a.mp4": [17], "../b.mp4": [1], "c.mp4": 4, "c.mp4": [0, 1]}""", "5 faults", "17", "outside of the folder", "the value 4", "twice", "ZC");

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("absent.json", Assert.Throws<InvalidDataException>(() => DatasetLabels.Read(DatasetFormat.QvPipe, _folder.File("absent.json"), QvPipeTaxonomy.Taxonomy)).Message);

    private void AssertFaulty(DatasetFormat format, string content, params string[] words)
    {
        string message = Assert.Throws<InvalidDataException>(() => Read(format, content)).Message;
        Assert.All(words.Append("labels"), word => Assert.Contains(word, message));
    }

    private IReadOnlyList<DatasetSample> Read(DatasetFormat format, string content)
    {
        File.WriteAllText(_folder.File("labels"), content, new UTF8Encoding(false));
        return DatasetLabels.Read(format, _folder.File("labels"), DatasetLabels.TaxonomyOf(format));
    }
}
