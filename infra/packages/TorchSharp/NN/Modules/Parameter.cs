using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Takes the tensor over: its data becomes the parameter's, and it is itself no longer valid.</summary>
public class Parameter : Tensor
{
    public Parameter(Tensor data, bool requires_grad = true)
        : base(data.with_requires_grad(requires_grad).DecoupleFromNativeHandle(), false) =>
        DisposeScope.ReplaceWith(data, this);
}
