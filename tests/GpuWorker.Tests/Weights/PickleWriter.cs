using System.Buffers.Binary;
using System.Text;

namespace CloudPipe.GpuWorker.Tests.Weights;

/// <summary>Writes pickles as Python does, and as nobody should.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> bytes = [];

    public PickleWriter(byte protocol = 2) => Raw(0x80, protocol);

    /// <summary>The pickle, with its STOP.</summary>
    public byte[] End() => [.. bytes, (byte)'.'];

    public PickleWriter Raw(params byte[] operations)
    {
        bytes.AddRange(operations);
        return this;
    }

    /// <summary>Operations without arguments, by their letters.</summary>
    public PickleWriter Do(string operations) => Raw(Encoding.Latin1.GetBytes(operations));

    public PickleWriter Number(int value) => Raw((byte)'J').Raw(LittleEndian(value));

    public PickleWriter Text(string value) => Raw((byte)'X').Raw(LittleEndian(Encoding.UTF8.GetByteCount(value))).Raw(Encoding.UTF8.GetBytes(value));

    public PickleWriter Global(string module, string name) => Do($"c{module}\n{name}\n");

    public PickleWriter Numbers(params int[] values)
    {
        Do("(");
        foreach (int value in values)
            Number(value);

        return Do("t");
    }

    public PickleWriter Storage(string type, string key, int length) =>
        Do("(").Text("storage").Global("torch", type).Text(key).Text("cpu").Number(length).Do("tQ");

    public PickleWriter Tensor(string type, string key, int length, int offset, int[] shape, int[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Do("(").Storage(type, key, length).Number(offset).Numbers(shape).Numbers(strides)
            .Raw(0x89).Global("collections", "OrderedDict").Do(")RtR");

    private static byte[] LittleEndian(int value)
    {
        byte[] digits = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(digits, value);
        return digits;
    }
}
