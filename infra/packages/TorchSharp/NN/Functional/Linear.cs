using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Aten.Linear.Call(input, weights, bias);
        }
    }
}

/// <summary>Looked up on first use.</summary>
file static class Aten
{
    internal static readonly Operator Linear = Operator.Named("aten::linear");
}
