using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Methods;

/// <summary>An encoder of clips and what reads their features: clips' super-images <c>[N, k, 3, H, W]</c> to logits <c>[N, classes]</c>.</summary>
internal sealed class FeatureMemoryNetwork : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> encoder;
    private readonly FeatureMemoryHead head;

    /// <param name="encoder">Super-images <c>[N, 3, H, W]</c> to features <c>[N, D]</c>; it becomes this network's.</param>
    /// <param name="head">Features <c>[N, k, D]</c> to logits; it becomes this network's.</param>
    public FeatureMemoryNetwork(nn.Module<Tensor, Tensor> encoder, FeatureMemoryHead head)
        : base(nameof(FeatureMemoryNetwork))
    {
        this.encoder = encoder;
        this.head = head;
        RegisterComponents();
    }

    /// <summary>Super-images <c>[N, 3, H, W]</c> to features <c>[N, D]</c>.</summary>
    public nn.Module<Tensor, Tensor> Encoder => encoder;

    /// <summary>How many clips a video has, and how many features a clip.</summary>
    public (int Clips, int Features) FeatureShape => (head.ClipCount, head.FeatureCount);

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return Classify(Encode(input)).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes clips.</summary>
    /// <param name="clips">Super-images, <c>[N, clips, 3, H, W]</c>.</param>
    /// <returns>Features <c>[N, clips, D]</c>.</returns>
    public Tensor Encode(Tensor clips)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = training
            ? encoder.call(clips.flatten(0, 1)).reshape(clips.shape[0], clips.shape[1], -1)
            : stack([.. clips.unbind(1).Select(encoder.call)], dim: 1); // one clip of each video at a time: all of them take memory
        return features.MoveToOuterDisposeScope();
    }

    /// <summary>Reads the features of all clips.</summary>
    /// <param name="features"><c>[N, k, D]</c>, in order of time.</param>
    /// <returns>Logits <c>[N, classes]</c>.</returns>
    public Tensor Classify(Tensor features) => head.call(features);
}
