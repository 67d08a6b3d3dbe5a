using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>How the worker scores.</summary>
public sealed class ScoringOptions
{
    /// <summary>Where networks run.</summary>
    /// <value><c>auto</c> (CUDA when there is one, else the CPU), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; <c>auto</c> by default.</value>
    [RegularExpression("^(auto|cpu|cuda(:[0-9]{1,2})?)$", ErrorMessage = "Device must be auto, cpu, cuda or cuda:N.")]
    public string Device { get; set; } = "auto";

    /// <summary>CPU threads of one network; 0 takes one for each processor that the process may use.</summary>
    /// <value>0 by default.</value>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Super-images that go through a network together; 0 sends them singly on the CPU, where a batch gains nothing, and finds out what fits elsewhere.</summary>
    /// <value>0 by default.</value>
    [Range(0, 256)]
    public int BatchSize { get; set; }

    /// <summary>In which numbers networks compute.</summary>
    /// <value><c>auto</c> (bfloat16 on an accelerator, float32 on the CPU), <c>float32</c>, <c>bFloat16</c> or <c>float16</c>; <c>auto</c> by default.</value>
    [EnumDataType(typeof(ScoringPrecision))]
    public ScoringPrecision Precision { get; set; }

    /// <summary>Bytes of weights kept loaded; the networks used longest ago leave first.</summary>
    /// <value>8 GiB by default.</value>
    [Range(1L << 20, 1L << 40)]
    public long LoadedMemberBytes { get; set; } = 8L << 30;

    /// <summary>Where weights from the store are kept as files; empty takes a folder beside the system's temporary files.</summary>
    /// <value>Empty by default.</value>
    public string CacheFolder { get; set; } = "";

    /// <summary>The device that <see cref="Device"/> stands for.</summary>
    /// <returns>A device of torch's.</returns>
    internal Device ResolveDevice() => Device == "auto" ? (cuda.is_available() ? CUDA : CPU) : device(Device);

    /// <summary>The number that <see cref="Threads"/> stands for. libtorch's own choice may be 1 on a virtual machine, and then its convolutions take a far slower way.</summary>
    /// <returns>At least 1.</returns>
    internal int ResolveThreads() => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>The folder that <see cref="CacheFolder"/> stands for.</summary>
    /// <returns>A path.</returns>
    internal string ResolveCacheFolder() =>
        CacheFolder.Length > 0 ? CacheFolder : Path.Combine(Path.GetTempPath(), $"cloudpipe-weights-{Environment.UserName}");
}
