using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Dropout1d : ParameterLessModule<Tensor, Tensor>
{
    internal Dropout1d(double p = 0.5, bool inplace = false)
        : base(nameof(Dropout1d))
    {
        this.p = p;
        this.inplace = inplace;
    }

    public double p { get; set; }

    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) =>
        tensor.ndim == 3
            ? nn.functional.dropout1d(tensor, p, training, inplace)
            : throw new ArgumentException("tensor passed to Dropout1d must be of the shape (N,C,L");
}
