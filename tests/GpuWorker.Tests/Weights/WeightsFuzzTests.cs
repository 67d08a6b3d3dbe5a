using System.Diagnostics;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Weights;

/// <summary>Damaged files of both formats: each is read or refused, soon, and without asking for more memory than it is worth.</summary>
[Collection(TorchCollection.Name)]
public sealed class WeightsFuzzTests : IDisposable
{
    private const int Seed = 20260101;

    // The 64 KiB that a zip's end is looked for in, and what a few thousand operations of a pickle leave behind.
    private const long MostAllocatedBytes = 4 << 20;

    private static readonly TimeSpan LongestFile = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(WeightsFormat.Safetensors)]
    [InlineData(WeightsFormat.PyTorch)]
    public void A_damaged_file_is_read_or_refused_and_nothing_else(WeightsFormat format) => Fuzz(format, files: 400);

    [Theory]
    [InlineData(WeightsFormat.Safetensors)]
    [InlineData(WeightsFormat.PyTorch)]
    [Trait("Category", "Long")]
    public void Ten_thousand_damaged_files_are_read_or_refused(WeightsFormat format) => Fuzz(format, files: 10_000);

    private void Fuzz(WeightsFormat format, int files)
    {
        byte[] safetensors = Safetensors();
        byte[] pickle = Pickle();
        (string, byte[])[] parts = [("archive/data/0", new byte[48]), ("archive/data/1", new byte[16]), ("archive/version", "3\n"u8.ToArray())];
        byte[] torchFile = TorchZip.Pack(pickle, parts);
        var mutator = new FileMutator(new Random(Seed));
        long tensors = LiveTensors.CountSettled();
        int refused = 0;
        for (int i = 0; i < files; i++)
        {
            byte[] damaged = format == WeightsFormat.Safetensors ? mutator.Safetensors(safetensors, torchFile) : mutator.TorchFile(torchFile, pickle, parts, safetensors);
            refused += IsRefused(damaged, i) ? 1 : 0;
        }

        Assert.Equal(tensors, Tensor.TotalCount);
        Assert.InRange(refused, files / 4, files - 1);
    }

    private bool IsRefused(byte[] damaged, int number)
    {
        string path = folder.File("x");
        File.WriteAllBytes(path, damaged);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        try
        {
            using WeightsFile file = WeightsFile.Open(path);
            foreach (WeightsEntry entry in file.Entries)
            {
                // What torch allocates, which the collector does not see.
                Assert.InRange(entry.ByteCount, 0, damaged.Length);
                Assert.InRange(entry.ElementCount, 0, damaged.Length);
                file.Read(entry.Key).Dispose();
            }

            return false;
        }
        catch (WeightsException)
        {
            return true;
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"File {number} of seed {Seed}.", exception);
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, MostAllocatedBytes);
            Assert.True(watch.Elapsed < LongestFile, $"File {number} took {watch.Elapsed}.");
        }
    }

    private byte[] Safetensors()
    {
        using DisposeScope scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["weight"] = ones(2, 3), ["bias"] = zeros(3, dtype: ScalarType.Float16), ["count"] = tensor(7L) };
        SafetensorsWriter.Write(folder.File("s"), tensors, new Dictionary<string, string> { ["format"] = "pt" });
        return File.ReadAllBytes(folder.File("s"));
    }

    private static byte[] Pickle() => new PickleWriter().Do("}(")
        .Text("epoch").Number(3)
        .Text("args").Global("argparse", "Namespace").Do(")").Raw(0x81).Do("}b")
        .Text("state_dict").Global("collections", "OrderedDict").Do(")R(")
        .Text("module.a").Tensor("FloatStorage", "0", 12, 0, [3, 4], [4, 1])
        .Text("module.b").Tensor("FloatStorage", "0", 12, 1, [4, 2], [1, 4])
        .Text("module.c").Tensor("LongStorage", "1", 2, 1, [], []).Raw((byte)'q', 0)
        .Text("module.d").Raw((byte)'h', 0)
        .Do("uu").End();
}
