using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Messages;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Checkpoints;

/// <summary>
/// A checkpoint as a safetensors file. Its metadata hold the header and a SHA-256 of header and tensors: a file that was cut
/// off or altered is refused.
/// </summary>
internal static class CheckpointFile
{
    private const string HeaderKey = "cloudpipe.checkpoint";
    private const string HashKey = "cloudpipe.sha256";

    /// <summary>Writes a file.</summary>
    public static void Write(string path, CheckpointHeader header, IReadOnlyList<KeyValuePair<string, Tensor>> tensors)
    {
        string text = JsonSerializer.Serialize(header, CloudPipeJson.Options);
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> byName = tensors.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        string hash = Hash(text, byName.Keys, name => byName[name].alias());
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { [HeaderKey] = text, [HashKey] = hash });
    }

    /// <summary>Opens a file and checks it to the last byte.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">Of the fold that it must be of.</param>
    /// <returns>The open file, which the caller disposes, and its header.</returns>
    /// <exception cref="CheckpointException">It is damaged, or another fold's.</exception>
    public static (WeightsFile File, CheckpointHeader Header) Open(string path, string identity)
    {
        WeightsFile? file = null;
        try
        {
            file = WeightsFile.Open(path);
            CheckpointHeader header = ReadHeader(file);
            if (header.Identity != identity)
                throw new CheckpointException($"it is of another fold or run ({header.Description}), or the recipe, the seed or the clips have changed since");

            WeightsFile checkedFile = file;
            file = null;
            return (checkedFile, header);
        }
        catch (Exception exception) when (exception is WeightsException or JsonException)
        {
            throw new CheckpointException($"it is damaged: {exception.Message}", exception);
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static CheckpointHeader ReadHeader(WeightsFile file)
    {
        if (!file.Metadata.TryGetValue(HeaderKey, out string? text) || !file.Metadata.TryGetValue(HashKey, out string? expected))
            throw new CheckpointException("it is no checkpoint: its metadata lack what CloudPipe writes");

        if (Hash(text, file.Entries.Select(entry => entry.Key), file.Read) != expected)
            throw new CheckpointException("it is damaged: its content does not have the hash that was written with it");

        CheckpointHeader header = JsonSerializer.Deserialize<CheckpointHeader>(text, CloudPipeJson.Options)!;
        return header.Version == CheckpointHeader.CurrentVersion
            ? header
            : throw new CheckpointException($"it has the layout {header.Version}; this program reads {CheckpointHeader.CurrentVersion}");
    }

    private static string Hash(string header, IEnumerable<string> names, Func<string, Tensor> read)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(header));
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor data = read(name).detach().to(DeviceType.CPU).contiguous();
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"\n{name} {data.dtype} {string.Join('x', data.shape)}\n")));
            if (data.NumberOfElements > 0)
                hash.AppendData(data.bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
