using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Dropout2d : ParameterLessModule<Tensor, Tensor>
{
    internal Dropout2d(double p = 0.5, bool inplace = false)
        : base(nameof(Dropout2d))
    {
        this.p = p;
        this.inplace = inplace;
    }

    public double p { get; set; }

    public bool inplace { get; set; }

    public override Tensor forward(Tensor input) => nn.functional.dropout2d(input, p, training, inplace);
}
