using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public bool requires_grad
        {
            get => NativeMethods.torchsharp_tensor_requires_grad(Handle) != 0;
            set => NativeMethods.Check(NativeMethods.torchsharp_tensor_set_requires_grad(Handle, value ? 1 : 0));
        }

        public bool is_leaf => NativeMethods.torchsharp_tensor_is_leaf(Handle) != 0;

        public Tensor? grad
        {
            get
            {
                NativeMethods.Check(NativeMethods.torchsharp_tensor_grad(Handle, out nint gradient));
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set => NativeMethods.Check(NativeMethods.torchsharp_tensor_set_grad(Handle, value?.Handle ?? 0));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => NativeMethods.Check(NativeMethods.torchsharp_tensor_retain_grad(Handle));

        public void backward() => autograd.backward([this], null, null, false, null);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
