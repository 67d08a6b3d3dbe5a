using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

public static class ParameterExtensionMethods
{
    public static Parameter AsParameter(this Tensor tensor) => new(tensor);
}
