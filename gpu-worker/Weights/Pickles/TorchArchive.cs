using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>
/// The zip that <c>torch.save</c> writes: <c>NAME/data.pkl</c>, and each storage as <c>NAME/data/KEY</c>, stored as it is, so
/// that tensors are read by offset. Format: PyTorch's <c>torch/serialization.py</c>, <c>_save</c>.
/// </summary>
internal static class TorchArchive
{
    // A checkpoint of 20,000 tensors has 3 MB of it.
    private const int LongestPickle = 16 << 20;

    // A name that fits on a screen, as with safetensors.
    private const int LongestKey = 1024;

    private const int LongestMetadata = 256;

    private const string PickleName = "data.pkl";

    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static WeightsContent Read(SafeFileHandle file, bool preferEma)
    {
        ZipDirectory zip = ZipDirectory.Read(file);
        string root = FindRoot(zip);
        CheckByteOrder(file, zip, root);
        object? value = new PickleMachine(ReadPart(file, zip, root + PickleName, LongestPickle)).Run();
        (PickleDictionary tensors, IReadOnlyList<string> names) = StateDictionary.Find(value, preferEma);
        var entries = new List<WeightsEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, object? item) in tensors.Items)
        {
            if (item is not PickledTensor tensor)
                continue;

            string key = StateDictionary.WithoutWrapper(name);
            if (key.Length is 0 or > LongestKey)
                throw new FormatException($"it has a tensor whose name has {key.Length} characters (1 to {LongestKey} are read)");

            if (!seen.Add(key))
                throw new FormatException($"it has '{key}' both with and without the prefix of a wrapper");

            entries.Add(Entry(zip, root, key, tensor));
        }

        return new WeightsContent(entries, Metadata(value), names.Count == 0 ? null : string.Join(".", names));
    }

    private static string FindRoot(ZipDirectory zip)
    {
        string[] pickles = [.. zip.Names.Where(name => name == PickleName || name.EndsWith($"/{PickleName}", StringComparison.Ordinal)).Take(2)];
        if (pickles.Length != 1)
            throw new FormatException(pickles.Length == 0 ? $"it is a zip archive without a {PickleName}" : $"it has more than one {PickleName}");

        string root = pickles[0][..^PickleName.Length];
        return zip.Find($"{root}constants.pkl") is null ? root : throw new FormatException("it is a TorchScript program, not weights alone");
    }

    private static void CheckByteOrder(SafeFileHandle file, ZipDirectory zip, string root)
    {
        string name = $"{root}byteorder";
        if (zip.Find(name) is not null && Encoding.ASCII.GetString(ReadPart(file, zip, name, 16)) is not "little")
            throw new FormatException("its numbers are not little-endian");
    }

    private static byte[] ReadPart(SafeFileHandle file, ZipDirectory zip, string name, int longest)
    {
        ZipEntry part = zip.Find(name)!;
        return part.Length <= longest
            ? FileBytes.Read(file, zip.Locate(part), (int)part.Length)
            : throw new FormatException($"its {name} has {part.Length} bytes (at most {longest} are read)");
    }

    private static WeightsEntry Entry(ZipDirectory zip, string root, string key, PickledTensor tensor)
    {
        PickledStorage storage = tensor.Storage;
        if (zip.Find($"{root}data/{storage.Key}") is not { } part)
            throw new FormatException($"its tensor '{key}' lies in a storage that is not there");

        // Compared by division: the product of a false length overflows.
        if (part.Length % storage.ElementSize != 0 || part.Length / storage.ElementSize != storage.Length)
            throw new FormatException($"the storage of its tensor '{key}' has {part.Length} bytes, not {storage.Length} elements of {storage.ElementSize} bytes");

        long offset = zip.Locate(part) + (tensor.Offset * storage.ElementSize);
        return new WeightsEntry(key, storage.Type, tensor.Shape, tensor.IsContiguous() ? null : tensor.Strides, offset, tensor.Span * storage.ElementSize);
    }

    private static SortedDictionary<string, string> Metadata(object? root)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, object? value) in (root as PickleDictionary)?.Items ?? [])
        {
            if (value is string or long or double or bool && key.Length <= LongestMetadata && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: <= LongestMetadata } text)
                metadata.Add(key, text);
        }

        return metadata;
    }
}
