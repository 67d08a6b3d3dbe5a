using System.Runtime.InteropServices;
using System.Text;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>
/// The graph node of one call of a custom function. The native node holds this object until the graph is freed; this object
/// holds the native node only while the forward runs.
/// </summary>
internal sealed unsafe class FunctionNode
{
    private readonly Func<torch.autograd.AutogradContext, List<torch.Tensor>, List<torch.Tensor?>> backward;
    private readonly string name;
    private readonly bool[] isTensor;
    private readonly nint reference;
    private nint node;
    private OutputInfo[] outputs = [];

    public FunctionNode(string name, object?[] arguments, Func<torch.autograd.AutogradContext, List<torch.Tensor>, List<torch.Tensor?>> backward)
    {
        this.name = name;
        this.backward = backward;
        Context = new torch.autograd.AutogradContext(this);
        isTensor = Array.ConvertAll(arguments, argument => argument is torch.Tensor { IsInvalid: false });
        Inputs = [.. arguments.OfType<torch.Tensor>().Where(tensor => !tensor.IsInvalid)];
        IsExecutable = AutoGradMode.IsEnabled && Inputs.Any(input => input.requires_grad);
        nint self = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        nint[] edges = IsExecutable ? torch.autograd.Handles(Inputs) : [];
        fixed (nint* edge = edges)
        {
            byte* error = NativeMethods.torchsharp_node_create(name, &Backward, &Delete, self, edge, edges.Length, out reference);
            if (error != null)
                GCHandle.FromIntPtr(self).Free();
            NativeMethods.Check(error);
        }
        node = NativeMethods.torchsharp_node_get(reference);
    }

    public torch.autograd.AutogradContext Context { get; }

    public torch.Tensor[] Inputs { get; }

    public bool IsExecutable { get; }

    /// <summary>Makes the outputs of the forward results of this node and saves what the context asks for.</summary>
    public List<torch.Tensor> Wrap(List<torch.Tensor> results)
    {
        nint[] inputs = torch.autograd.Handles(Inputs);
        nint[] constant = torch.autograd.Handles(Context.NonDifferentiableTensors);
        nint[] dirty = torch.autograd.Handles(Context.DirtyTensors);
        nint[] raw = torch.autograd.Handles(results);
        var wrapped = new nint[raw.Length];
        fixed (nint* input = inputs, still = constant, changed = dirty, from = raw, to = wrapped)
        {
            NativeMethods.Check(NativeMethods.torchsharp_node_wrap_outputs(IsExecutable ? reference : 0, input, inputs.Length, still,
                constant.Length, changed, dirty.Length, from, raw.Length, to));
        }
        GC.KeepAlive(results);
        List<torch.Tensor> tensors = [.. wrapped.Select(handle => new torch.Tensor(handle))];
        if (IsExecutable)
        {
            outputs = [.. tensors.Select(tensor => new OutputInfo(tensor.shape, tensor.dtype, tensor.device))];
            nint[] saved = torch.autograd.Handles(Context.ToSave);
            fixed (nint* first = saved)
                NativeMethods.Check(NativeMethods.torchsharp_node_save(node, first, saved.Length));
        }
        Context.Dispose();
        return tensors;
    }

    /// <summary>Ends the forward: from here on the graph alone keeps the node.</summary>
    public void Release() => NativeMethods.torchsharp_node_release(reference);

    public List<torch.Tensor> SavedVariables()
    {
        if (node == 0)
            return [];
        var handles = new nint[NativeMethods.torchsharp_node_saved_count(node)];
        fixed (nint* first = handles)
            NativeMethods.Check(NativeMethods.torchsharp_node_saved(node, first));
        return [.. handles.Select(handle => handle == 0 ? null! : new torch.Tensor(handle))];
    }

    [UnmanagedCallersOnly]
    private static void Delete(nint state)
    {
        GCHandle handle = GCHandle.FromIntPtr(state);
        ((FunctionNode)handle.Target!).node = 0;
        handle.Free();
    }

    // An exception must not cross the native frames: it goes over as text and is thrown again by the engine.
    [UnmanagedCallersOnly]
    private static byte* Backward(nint state, nint* gradients, int count, nint* results, int resultCount)
    {
        try
        {
            ((FunctionNode)GCHandle.FromIntPtr(state).Target!).Apply(new ReadOnlySpan<nint>(gradients, count), new Span<nint>(results, resultCount));
            return null;
        }
        catch (Exception exception)
        {
            return NativeText($"{exception.GetType().Name}: {exception.Message}");
        }
    }

    private static byte* NativeText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte* memory = (byte*)NativeMethods.torchsharp_allocate(bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        memory[bytes.Length] = 0;
        return memory;
    }

    private void Apply(ReadOnlySpan<nint> gradients, Span<nint> results)
    {
        var received = new List<torch.Tensor>(gradients.Length);
        for (int i = 0; i < gradients.Length; i++)
        {
            received.Add(gradients[i] != 0 ? new torch.Tensor(gradients[i])
                : Context.MaterializeGrads ? torch.zeros(outputs[i].Shape, outputs[i].Type, outputs[i].Device)
                : null!);
        }
        List<torch.Tensor?> returned = backward(Context, received);
        if (returned.Count < isTensor.Length || returned.Skip(isTensor.Length).Any(gradient => gradient is not null))
        {
            throw new NotImplementedException(
                $"Function {name} returned an incorrect number of gradients (expected {isTensor.Length}), got {returned.Count}");
        }
        var wanted = new List<torch.Tensor?>(results.Length);
        for (int i = 0; i < isTensor.Length; i++)
        {
            torch.Tensor? gradient = returned[i] is { IsInvalid: false } defined ? defined : null;
            if (isTensor[i])
                wanted.Add(gradient);
            else if (gradient is not null)
                throw new NotImplementedException($"Function {name} returned a gradient at position {i + 1}, where the forward took no tensor");
        }
        for (int i = 0; i < results.Length; i++)
        {
            if (wanted[i] is not { } gradient)
                continue;
            NativeMethods.torchsharp_tensor_retain(gradient.Handle);
            results[i] = gradient.Handle;
        }
    }

    private sealed record OutputInfo(long[] Shape, torch.ScalarType Type, torch.Device Device);
}
