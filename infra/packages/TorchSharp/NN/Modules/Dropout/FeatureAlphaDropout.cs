using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class FeatureAlphaDropout : ParameterLessModule<Tensor, Tensor>
{
    internal FeatureAlphaDropout(double p = 0.5, bool inplace = false)
        : base(nameof(FeatureAlphaDropout))
    {
        this.p = p;
        this.inplace = inplace;
    }

    public double p { get; set; }

    public bool inplace { get; set; }

    public override Tensor forward(Tensor input) => nn.functional.feature_alpha_dropout(input, p, training, inplace);
}
