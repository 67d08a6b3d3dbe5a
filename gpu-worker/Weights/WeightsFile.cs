using CloudPipe.GpuWorker.Weights.Pickles;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>
/// A file of named tensors, safetensors or PyTorch's: its header is read and checked once, each tensor when asked, straight
/// into its own memory. Reads by offset rather than a memory map: as few copies, and a file that shrinks meanwhile is an
/// error, not a crash. Nothing in a file is ever run.
/// </summary>
public sealed class WeightsFile : IDisposable
{
    // What is read at once: small beside any network, large beside the cost of a read.
    private const int ChunkBytes = 16 << 20;

    private const string Conversion =
        "Nothing of it was run. If you trust it, load it in PyTorch and save its state dictionary with safetensors.torch.save_file.";

    private readonly SafeFileHandle file;
    private readonly Dictionary<string, WeightsEntry> byKey;

    private WeightsFile(string path, SafeFileHandle file, WeightsFormat format, WeightsContent content)
    {
        this.file = file;
        Path = path;
        Format = format;
        Entries = content.Entries;
        Metadata = content.Metadata;
        StateDictionary = content.StateDictionary;
        byKey = content.Entries.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How it is laid out.</summary>
    public WeightsFormat Format { get; }

    /// <summary>Its tensors, in the order of the header.</summary>
    public IReadOnlyList<WeightsEntry> Entries { get; }

    /// <summary>The header's free text fields; of a checkpoint, its texts and numbers beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Which of a checkpoint's dictionaries the tensors are from, such as <c>state_dict_ema</c>; null where they are the whole file.</summary>
    public string? StateDictionary { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file; its content tells the format, whatever its name.</param>
    /// <param name="preferEma">Whether a checkpoint's averaged weights are taken where it has some.</param>
    /// <returns>The open file; dispose it.</returns>
    /// <exception cref="WeightsException">There is no such file, or it is no sound weights file.</exception>
    public static WeightsFile Open(string path, bool preferEma = false)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path);
            var opened = Recognise(path, file) == WeightsFormat.Safetensors
                ? new WeightsFile(path, file, WeightsFormat.Safetensors, ReadSafetensors(path, file))
                : new WeightsFile(path, file, WeightsFormat.PyTorch, ReadPyTorch(path, file, preferEma));
            file = null;
            return opened;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new WeightsException($"The weights file '{path}' cannot be read: {exception.Message}", exception);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Finds a tensor.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>What the header says of it; null when it is not there.</returns>
    public WeightsEntry? Find(string key) => byKey.GetValueOrDefault(key);

    /// <summary>Reads one tensor.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>A tensor of its own on the CPU, row by row, of the file's type and shape; dispose it.</returns>
    /// <exception cref="WeightsException">There is no such tensor, or the file has changed since it was opened.</exception>
    public Tensor Read(string key)
    {
        WeightsEntry entry = Require(key);
        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor tensor = empty([.. entry.Shape], dtype: entry.Type);
        Fill(entry, tensor);
        return tensor.MoveToOuterDisposeScope();
    }

    /// <summary>Reads one tensor into another, converting its elements; needs no memory for the whole of it beside the target.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="target">A tensor of as many elements, of any type and on any device.</param>
    /// <exception cref="WeightsException">There is no such tensor, or the file has changed since it was opened.</exception>
    public void ReadInto(string key, Tensor target)
    {
        WeightsEntry entry = Require(key);
        if (entry.ElementCount != target.NumberOfElements)
            throw new ArgumentException($"'{key}' has {entry.ElementCount} elements, the target {target.NumberOfElements}.", nameof(target));

        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (target.is_contiguous())
            Fill(entry, target.detach());
        else
            target.copy_(Read(key).reshape(target.shape));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private static WeightsFormat Recognise(string path, SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[FileSignature.Length];
        int length = RandomAccess.Read(file, head, 0);
        (WeightsFormat format, string? refusal) = FileSignature.Recognise(head[..length]);
        return refusal is null ? format : throw new WeightsException($"'{path}' is not read: {refusal}. {Conversion}");
    }

    private static WeightsContent ReadSafetensors(string path, SafeFileHandle file)
    {
        try
        {
            return SafetensorsHeader.Read(file);
        }
        catch (FormatException exception)
        {
            throw new WeightsException($"'{path}' is no usable safetensors file: {exception.Message}. Export or download it again.", exception);
        }
    }

    private static WeightsContent ReadPyTorch(string path, SafeFileHandle file, bool preferEma)
    {
        try
        {
            return TorchArchive.Read(file, preferEma);
        }
        catch (FormatException exception)
        {
            throw new WeightsException($"'{path}' is no PyTorch file that can be read as data: {exception.Message}. {Conversion}", exception);
        }
    }

    private WeightsEntry Require(string key) => Find(key) ?? throw new WeightsException($"'{Path}' has no tensor '{key}'.");

    private void Fill(WeightsEntry entry, Tensor target)
    {
        if (entry.ElementCount == 0)
            return;

        try
        {
            if (entry.Strides is null)
                FillByChunks(entry, target.view(-1));
            else
                FillByStrides(entry, target);
        }
        catch (Exception exception) when (exception is IOException or FormatException)
        {
            throw new WeightsException($"'{Path}' changed while it was read: the tensor '{entry.Key}' is cut off.", exception);
        }
    }

    private void FillByChunks(WeightsEntry entry, Tensor target)
    {
        long elementSize = entry.ByteCount / entry.ElementCount;
        long chunkElements = Math.Min(entry.ElementCount, ChunkBytes / elementSize);
        bool isDirect = target.dtype == entry.Type && target.device_type == DeviceType.CPU;
        using Tensor? staging = isDirect ? null : empty(chunkElements, dtype: entry.Type);
        for (long start = 0; start < entry.ElementCount; start += chunkElements)
        {
            long count = Math.Min(chunkElements, entry.ElementCount - start);
            using Tensor part = target.narrow(0, start, count);
            using Tensor? converted = staging?.narrow(0, 0, count);
            FileBytes.ReadExactly(file, (converted ?? part).bytes, entry.Offset + (start * elementSize));
            if (converted is not null)
                part.copy_(converted);
        }
    }

    // The span is no longer than the file, and no shorter than the tensor: PickledTensor has checked it.
    private void FillByStrides(WeightsEntry entry, Tensor target)
    {
        long spanElements = entry.ByteCount / SafetensorsTypes.Of(entry.Type).Size;
        using Tensor span = empty(spanElements, dtype: entry.Type);
        FillByChunks(entry with { Shape = [spanElements], Strides = null }, span);
        using Tensor strided = span.as_strided([.. entry.Shape], [.. entry.Strides!]);
        using Tensor shaped = strided.reshape(target.shape);
        target.copy_(shaped);
    }
}
