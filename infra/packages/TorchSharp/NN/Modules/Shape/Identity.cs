using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Identity : ParameterLessModule<Tensor, Tensor>
{
    internal Identity()
        : base(nameof(Identity))
    {
    }

    /// <summary>Another handle of the same tensor, which a Sequential may dispose.</summary>
    public override Tensor forward(Tensor tensor) => tensor.alias();
}
