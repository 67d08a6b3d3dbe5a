using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>Batch normalisation with a SiLU after it or without, as one module: timm's <c>BatchNormAct2d</c>.</summary>
internal sealed class BatchNormActivation : nn.Module<Tensor, Tensor>
{
    private const double Momentum = 0.1;

    private readonly double epsilon;
    private readonly bool activate;
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly Tensor running_mean;
    private readonly Tensor running_var;
    private readonly Tensor num_batches_tracked;

    public BatchNormActivation(int width, double epsilon, bool activate = true)
        : base(nameof(BatchNormActivation))
    {
        this.epsilon = epsilon;
        this.activate = activate;
        weight = new Parameter(ones(width));
        bias = new Parameter(zeros(width));
        running_mean = zeros(width);
        running_var = ones(width);
        num_batches_tracked = tensor(0L);
        register_buffer(nameof(running_mean), running_mean);
        register_buffer(nameof(running_var), running_var);
        register_buffer(nameof(num_batches_tracked), num_batches_tracked);
        RegisterComponents();
    }

    public bool Activates => activate;

    /// <summary>What a convolution takes for its kernel and bias to give the normalised output, before the activation.</summary>
    public (Tensor Kernel, Tensor Shift) FoldInto(Tensor kernel, ScalarType type) =>
        NormalizedConvolution.Fold(kernel, running_mean, running_var, weight, bias, epsilon, type);

    public override Tensor forward(Tensor input)
    {
        if (training)
            num_batches_tracked.add_(1);

        Tensor output = nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training, Momentum, epsilon);
        return activate ? output.silu_() : output; // in place: no gradient needs the norm's output
    }
}
