using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe partial class autograd
    {
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] outputHandles = Handles(outputs), inputHandles = Handles(inputs), gradientHandles = Handles(grad_outputs);
            var results = new nint[inputHandles.Length];
            fixed (nint* output = outputHandles, input = inputHandles, gradient = gradientHandles, result = results)
            {
                NativeMethods.Check(NativeMethods.torchsharp_grad(output, outputHandles.Length, input, inputHandles.Length, gradient,
                    gradientHandles.Length, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, result));
            }
            GC.KeepAlive((outputs, inputs, grad_outputs));
            return results.Select(handle => handle == 0 ? null! : new Tensor(handle)).ToList();
        }

        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] tensorHandles = Handles(tensors), gradientHandles = Handles(grad_tensors), inputHandles = Handles(inputs);
            fixed (nint* tensor = tensorHandles, gradient = gradientHandles, input = inputHandles)
            {
                NativeMethods.Check(NativeMethods.torchsharp_backward(tensor, tensorHandles.Length, gradient, gradientHandles.Length,
                    retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, input, inputHandles.Length));
            }
            GC.KeepAlive((tensors, grad_tensors, inputs));
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);

        internal static nint[] Handles(IEnumerable<Tensor?>? tensors) =>
            tensors is null ? [] : [.. tensors.Select(tensor => tensor is null || tensor.IsInvalid ? 0 : tensor.Handle)];
    }
}
