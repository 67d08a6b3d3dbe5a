using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Weights;

[Collection(TorchCollection.Name)]
public sealed class TorchFileTests : IDisposable
{
    // What PyTorch 1.13 writes, gzipped: base = torch.arange(6.).reshape(2, 3) and
    // torch.save({'epoch': 3, 'state_dict': OrderedDict([('module.w', base.t()), ('module.row', base[1]),
    // ('module.p', Parameter(torch.ones(2, dtype=torch.float16))), ('module.n', torch.tensor(7))]), 'state_dict_ema': {'w': torch.zeros(1)}}, …)
    private const string RealFile = """
        H4sIAAAAAAACA6WUy27TQBSGx3bqpO4FWugFKJdSLkkvSZPAiopWprKQjERqQDLZRMYZ6gg3znEmrVhUKosW2MELIN6EZ4AFYseyiKdgxpOGsdtSoY48Ho3n/Of7Z+bIFVNJIZTJoENtCI0h0mi+Lt
        Qd4uRbr3xDH0HVZNuRtwFl7T4qwK3A9UAyFVujszZxCK7VGy4B2XUD38cuaQTNtvY4rOMQ11fpigZKzoJU1mb4jaDe8XF+C/pcEoSul691SMNva7UQv+g0/HqN4GY7CGubJQ3UbNZOR5AgdNYxpLlE
        M/zAIU/4Rw0ytkRjFqHfVujotjqgmSqBgTUTmYop78GgSd3uwdB7j/kYJnDGgrOR+66ZMNiCEY/SvLSX8fq9SD+6RtXKLpwzpV04z7VjBMYtmBA30oLJYzbSckJnAxMcanCBJ+/af+j4L3vuL0bui3
        CJUmUCU8y1vAuXGfUKp14lcM2C6XfR5PpbmLHghmihCTdj+R8FzfVe/ltR/hLcpvklAlmaP5fjeXMEZi2Y69jDsYus4Q0H5rdhIVJuQf7gZKJ5GQo80yJzSk0W2avEM5YJ3LHgbruTr5jpTHV25XdR
        ppujvXJsAQ6g8b8FWFg09NHD5VfloTvL9LVCH9p3aP+8wjATH/Y/TtIF1v+FKQiYoqHPHYE5tqEltMRYwZfqDAWg1AmsBwKrZOjL/8M6qqW7mZmH1vf9gEEzJ3hYFjyUDf3eaTwcsKd+rk6fvP9BpH
        P2Jg7b9G9g6PdPeQBljdG/flp/RmsJyRFdYkOPLxbb0CFHsT9cUioW0EBM9kZGYm0mhWI1xIW/YsJiUiheYVz4VBGFpaRQPP+48EdMWE4KxaMbjBNTKHZZFVNV57trV5SFXpyaGJ9LfPyWOihNNarS
        uW6AFH3rU7lGjeJ57B/zQEetjQYAAA==
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_of_PyTorch_itself_is_read_with_its_views_of_one_storage()
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightsFile file = WeightsFile.Open(Store(Unpacked()));

        Assert.Equal(WeightsFormat.PyTorch, file.Format);
        Assert.Equal("state_dict", file.StateDictionary);
        Assert.Equal("3", file.Metadata["epoch"]);
        Assert.Equal(["w", "row", "p", "n"], file.Entries.Select(entry => entry.Key));
        Assert.Equal([3, 2], file.Read("w").shape);
        Assert.Equal([0f, 3, 1, 4, 2, 5], file.Read("w").data<float>());
        Assert.Equal([3f, 4, 5], file.Read("row").data<float>());
        Assert.Equal(ScalarType.Float16, file.Read("p").dtype);
        Assert.Equal(7, file.Read("n").item<long>());
    }

    [Fact]
    public void Averaged_weights_are_taken_when_asked_for()
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightsFile file = WeightsFile.Open(Store(Unpacked()), preferEma: true);

        Assert.Equal("state_dict_ema", file.StateDictionary);
        Assert.Equal([0f], file.Read("w").data<float>());
    }

    [Fact]
    public void A_tensor_is_read_into_another_of_any_type_and_strides()
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightsFile file = WeightsFile.Open(Store(Unpacked()));
        Tensor doubles = zeros([3, 2], dtype: ScalarType.Float64);
        Tensor transposed = zeros(2, 3).t();

        file.ReadInto("w", doubles);
        file.ReadInto("w", transposed);

        Assert.Equal([0d, 3, 1, 4, 2, 5], doubles.data<double>());
        Assert.Equal([0f, 3, 1, 4, 2, 5], transposed.contiguous().data<float>());
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    [InlineData("model_state")]
    [InlineData("module")]
    [InlineData("model", "state_dict")]
    public void Checkpoints_of_usual_forms_are_opened(params string[] names)
    {
        PickleWriter pickle = new PickleWriter().Do("}");
        foreach (string name in names)
            pickle.Text(name).Do("}");

        pickle.Text("module.a").Tensor("FloatStorage", "0", 2, 0, [2], [1]).Do("s");
        foreach (string _ in names)
            pickle.Do("s");

        using WeightsFile file = WeightsFile.Open(Store(Pack(pickle)));
        Assert.Equal(string.Join(".", names), file.StateDictionary);
        Assert.Equal("a", Assert.Single(file.Entries).Key);
    }

    [Fact]
    public void What_stands_beside_weights_is_ignored()
    {
        // An optimizer with numbers for keys, argparse's options, a NumPy number, a large integer, a set: as trainers save them.
        PickleWriter pickle = new PickleWriter(4).Do("}(");
        pickle.Text("optimizer").Do("}").Number(0).Do("]").Number(1).Do("as");
        pickle.Text("args").Global("argparse", "Namespace").Do(")").Raw(0x81).Do("}").Text("lr").Number(1).Do("sb");
        pickle.Text("best").Global("numpy.core.multiarray", "scalar").Global("numpy", "dtype").Text("f8").Raw(0x89, 0x88, 0x87).Do("R").Numbers(3, 0).Do("b")
            .Global("_codecs", "encode").Text("0").Text("latin1").Raw(0x86).Do("R").Raw(0x86).Do("R");
        pickle.Text("large").Raw(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        pickle.Text("negative").Raw(0x8a, 1, 0xfe);
        pickle.Text("size").Global("torch", "Size").Numbers(1, 2).Raw(0x85).Do("R");
        pickle.Text("set").Raw(0x8f).Do("(").Number(1).Raw(0x90);
        pickle.Text("model").Do("}").Text("a").Tensor("FloatStorage", "0", 2, 0, [2], [1]).Do("su");

        using WeightsFile file = WeightsFile.Open(Store(Pack(pickle)));
        Assert.Equal("a", Assert.Single(file.Entries).Key);
        Assert.Equal("-2", Assert.Single(file.Metadata).Value);
    }

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch.nn.modules.linear", "Linear")]
    [InlineData("torch", "QInt8Storage")]
    [InlineData("numpy.core.multiarray", "_reconstruct")]
    public void A_name_that_weights_do_not_need_is_refused(string module, string name)
    {
        string byText = Refusal(new PickleWriter(4).Text(module).Text(name).Raw(0x93).Text("touch here").Raw(0x85).Do("R"));
        string byLine = Refusal(new PickleWriter().Global(module, name).Text("touch here").Raw(0x85).Do("R"));

        Assert.Contains($"'{module}.{name}'", byText, StringComparison.Ordinal);
        Assert.Contains($"'{module}.{name}'", byLine, StringComparison.Ordinal);
        Assert.Contains("x.pth", byText, StringComparison.Ordinal);
        Assert.Contains("safetensors.torch.save_file", byText, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_uses_of_allowed_names_are_refused()
    {
        Assert.Contains("calls a text", Refusal(new PickleWriter().Text("f").Do(")R")), StringComparison.Ordinal);
        Assert.Contains("'OrderedDictionary'", Refusal(new PickleWriter().Global("collections", "OrderedDict").Number(1).Raw(0x85).Do("R")), StringComparison.Ordinal);
        Assert.Contains("'RebuildTensor'", Refusal(new PickleWriter().Global("torch._utils", "_rebuild_tensor_v2").Do(")R")), StringComparison.Ordinal);
        Assert.Contains("makes an object", Refusal(new PickleWriter().Global("collections", "OrderedDict").Do(")").Raw(0x81)), StringComparison.Ordinal);
        Assert.Contains("gives a state to a text", Refusal(new PickleWriter().Text("f").Do("}b")), StringComparison.Ordinal);
        Assert.Contains("no storage", Refusal(new PickleWriter().Text("elsewhere").Do("Q")), StringComparison.Ordinal);
        Assert.Contains("0x69", Refusal(new PickleWriter().Do("(ios\nsystem\n")), StringComparison.Ordinal);
        Assert.Contains("0x92", Refusal(new PickleWriter(4).Do("))}").Raw(0x92)), StringComparison.Ordinal);
        Assert.Contains("none of the protocols", Refusal(new PickleWriter(1).Do("}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 2, 1, new[] { 2 }, new[] { 1 }, "reaches beyond")]
    [InlineData("0", 2, 0, new[] { 3 }, new[] { 1 }, "reaches beyond")]
    [InlineData("0", 2, 0, new[] { 2 }, new[] { 2 }, "reaches beyond")]
    [InlineData("0", 2, 0, new[] { 1_000_000 }, new[] { 0 }, "repeats elements")]
    [InlineData("0", 2, -1, new[] { 1 }, new[] { 1 }, "impossible")]
    [InlineData("0", 2, 0, new[] { -1 }, new[] { 1 }, "impossible")]
    [InlineData("0", 2, 0, new[] { 2 }, new[] { -1 }, "impossible")]
    [InlineData("0", 2, 0, new[] { 2 }, new int[0], "impossible")]
    [InlineData("0", 2, 0, new[] { int.MaxValue, int.MaxValue, int.MaxValue }, new[] { 1, 1, 1 }, "impossible")]
    [InlineData("0", 3, 0, new[] { 2 }, new[] { 1 }, "8 bytes, not 3 elements")]
    [InlineData("../0", 2, 0, new[] { 2 }, new[] { 1 }, "not there")]
    public void A_tensor_that_does_not_fit_its_storage_is_refused(string key, int length, int offset, int[] shape, int[] strides, string reason)
    {
        PickleWriter pickle = new PickleWriter().Do("}").Text("a").Tensor("FloatStorage", key, length, offset, shape, strides).Do("s");

        Assert.Contains(reason, Refusal(pickle), StringComparison.Ordinal);
    }

    [Fact]
    public void Bombs_are_refused()
    {
        Assert.Contains("nested", Refusal(new PickleWriter().Raw([.. Enumerable.Repeat((byte)'(', 2000)])), StringComparison.Ordinal);
        Assert.Contains("at once", Refusal(new PickleWriter().Raw([.. Enumerable.Repeat((byte)'N', 1_100_000)])), StringComparison.Ordinal);
        Assert.Contains("operations", Refusal(new PickleWriter().Do("N").Raw([.. Enumerable.Repeat("20"u8.ToArray(), 2_100_000).SelectMany(pair => pair)])), StringComparison.Ordinal);
        Assert.Contains("cut off", Refusal(new PickleWriter().Raw((byte)'X', 0xff, 0xff, 0xff, 0x7f)), StringComparison.Ordinal);
        Assert.Contains("cut off", Refusal(new PickleWriter(4).Raw(0x8d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)), StringComparison.Ordinal);
        Assert.Contains("cut off", Refusal(new PickleWriter().Raw(0x8b, 0xff, 0xff, 0xff, 0x7f)), StringComparison.Ordinal);

        // A tuple of a tuple of a tuple …: as deep as the pickle is long, and never walked.
        Assert.Contains("no dictionary", Refusal(new PickleWriter().Do(")").Raw([.. Enumerable.Repeat((byte)0x85, 500_000)])), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_formats_are_named()
    {
        byte[] tar = new byte[512];
        "ustar"u8.CopyTo(tar.AsSpan(257));

        Assert.Contains("before version 1.6", Refusal([0x80, 2, 0x8a, 10, 0x6c, 0xfc]), StringComparison.Ordinal);
        Assert.Contains("bare pickle", Refusal(new PickleWriter().Do("}").End()), StringComparison.Ordinal);
        Assert.Contains("tar file", Refusal(tar), StringComparison.Ordinal);
        Assert.Contains("without a data.pkl", Refusal(TorchZip.Pack(CompressionLevel.NoCompression, ("a.txt", [1]))), StringComparison.Ordinal);
        Assert.Contains("TorchScript", Refusal(TorchZip.Pack(new PickleWriter().Do("}").End(), ("archive/constants.pkl", [1]))), StringComparison.Ordinal);
        Assert.Contains("little-endian", Refusal(TorchZip.Pack(new PickleWriter().Do("}").End(), ("archive/byteorder", "big"u8.ToArray()))), StringComparison.Ordinal);
        Assert.Contains("compressed", Refusal(TorchZip.Pack(CompressionLevel.Optimal, ("archive/data.pkl", [.. new byte[1000]]))), StringComparison.Ordinal);
        Assert.Contains("without its end", Refusal(Unpacked()[..^30]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_without_tensors_says_what_it_has()
    {
        string refusal = Refusal(new PickleWriter().Do("}").Text("backbone").Do("}s"));

        Assert.Contains("'backbone'", refusal, StringComparison.Ordinal);
        Assert.Contains("state_dict", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_of_64_bits_is_read()
    {
        byte[] zip = ToZip64(Unpacked());

        using WeightsFile file = WeightsFile.Open(Store(zip));
        Assert.Equal(4, file.Entries.Count);
    }

    // The end record says that it is too small, and a Zip64 end stands before it: what torch writes above 4 GB.
    private static byte[] ToZip64(byte[] zip)
    {
        Span<byte> end = zip.AsSpan(zip.Length - 22);
        byte[] large = new byte[56 + 20];
        BinaryPrimitives.WriteUInt32LittleEndian(large, 0x06064b50);
        BinaryPrimitives.WriteInt64LittleEndian(large.AsSpan(40), BinaryPrimitives.ReadUInt32LittleEndian(end[12..]));
        BinaryPrimitives.WriteInt64LittleEndian(large.AsSpan(48), BinaryPrimitives.ReadUInt32LittleEndian(end[16..]));
        BinaryPrimitives.WriteUInt32LittleEndian(large.AsSpan(56), 0x07064b50);
        BinaryPrimitives.WriteInt64LittleEndian(large.AsSpan(64), zip.Length - 22);
        end.Slice(8, 12).Fill(0xff);
        return [.. zip[..^22], .. large, .. zip[^22..]];
    }

    private static byte[] Unpacked()
    {
        using var packed = new GZipStream(new MemoryStream(Convert.FromBase64String(RealFile)), CompressionMode.Decompress);
        using var file = new MemoryStream();
        packed.CopyTo(file);
        return file.ToArray();
    }

    private static byte[] Pack(PickleWriter pickle) => TorchZip.Pack(pickle.End(), ("archive/data/0", MemoryMarshal.AsBytes<float>([1, 2]).ToArray()));

    private string Refusal(PickleWriter pickle) => Refusal(Pack(pickle));

    private string Refusal(byte[] file) => Assert.Throws<WeightsException>(() => WeightsFile.Open(Store(file))).Message;

    private string Store(byte[] file)
    {
        File.WriteAllBytes(folder.File("x.pth"), file);
        return folder.File("x.pth");
    }
}
