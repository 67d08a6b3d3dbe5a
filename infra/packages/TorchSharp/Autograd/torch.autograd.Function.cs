namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        public abstract class Function<T> where T : Function<T>, new()
        {
            public abstract string Name { get; }

            internal static T Instance { get; } = new();

            public static List<Tensor> apply_internal(params object[] vars)
            {
                var node = new FunctionNode(Instance.Name, vars, (context, gradients) => Instance.backward_internal(context, gradients)!);
                try
                {
                    List<Tensor> outputs;
                    using (no_grad())
                        outputs = Instance.forward_internal(node.Context, vars);
                    return node.Wrap(outputs);
                }
                finally
                {
                    node.Release();
                }
            }

            internal abstract List<Tensor> forward_internal(AutogradContext ctx, params object[] vars);

            internal abstract List<Tensor> backward_internal(AutogradContext ctx, List<Tensor> grad_outputs);
        }
    }
}
