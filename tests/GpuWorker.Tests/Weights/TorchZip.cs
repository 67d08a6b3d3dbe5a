using System.IO.Compression;

namespace CloudPipe.GpuWorker.Tests.Weights;

/// <summary>Packs a pickle and its storages as <c>torch.save</c> does.</summary>
internal static class TorchZip
{
    public static byte[] Pack(byte[] pickle, params (string Name, byte[] Data)[] parts) => Pack(CompressionLevel.NoCompression, [("archive/data.pkl", pickle), .. parts]);

    public static byte[] Pack(CompressionLevel level, params (string Name, byte[] Data)[] parts)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] data) in parts)
            {
                using Stream part = zip.CreateEntry(name, level).Open();
                part.Write(data);
            }
        }

        return stream.ToArray();
    }
}
