using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp.Operators;

/// <summary>
/// An operator of ATen, found in libtorch's dispatcher by name and overload. Callers keep it in a static field; the
/// look-up happens at the first call. Trailing arguments that are not given take the schema's defaults. An error of
/// libtorch is thrown as <see cref="System.Runtime.InteropServices.ExternalException"/> with the operator's name.
/// </summary>
internal sealed unsafe class Operator
{
    private const int StackScratch = 64;
    private readonly string name;
    private readonly string overload;
    private nint handle;

    private Operator(string name, string overload)
    {
        this.name = name;
        this.overload = overload;
    }

    /// <summary>Names an operator, e.g. "aten::add", "Tensor".</summary>
    public static Operator Named(string name, string overload = "") => new(name, overload);

    /// <summary>Whether this libtorch has it: releases rename a few.</summary>
    public bool Exists => handle != 0 || NativeMethods.torchsharp_has_operator(name, overload) != 0;

    /// <summary>Calls for one tensor.</summary>
    public torch.Tensor Call(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Execute(arguments, &result, 1);
        return Single(result);
    }

    /// <summary>Calls for two tensors.</summary>
    public (torch.Tensor, torch.Tensor) CallPair(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[2];
        Execute(arguments, results, 2);
        return (Single(results[0]), Single(results[1]));
    }

    /// <summary>Calls for three tensors.</summary>
    public (torch.Tensor, torch.Tensor, torch.Tensor) CallTriple(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[3];
        Execute(arguments, results, 3);
        return (Single(results[0]), Single(results[1]), Single(results[2]));
    }

    /// <summary>Calls for several results that are tensors, of which some may be undefined (null).</summary>
    public torch.Tensor?[] CallMany(int count, params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[count];
        Execute(arguments, results, count);
        var tensors = new torch.Tensor?[count];
        for (int i = 0; i < count; i++)
            tensors[i] = results[i].Tag == ValueTag.None ? null : Single(results[i]);
        return tensors;
    }

    /// <summary>Calls for a list of tensors.</summary>
    public torch.Tensor[] CallList(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Execute(arguments, &result, 1);
        if (result.Tag != ValueTag.TensorList)
            throw Unexpected(result.Tag);
        var tensors = new torch.Tensor[result.Length];
        for (int i = 0; i < tensors.Length; i++)
            tensors[i] = new torch.Tensor(((nint*)result.Pointer)[i]);
        NativeMethods.torchsharp_free(result.Pointer);
        return tensors;
    }

    /// <summary>Calls for the effect: an in-place or out form, whose result is one of its arguments.</summary>
    public void Invoke(params ReadOnlySpan<Value> arguments) => Execute(arguments, null, 0);

    /// <summary>Calls for a bool.</summary>
    public bool CallBool(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Execute(arguments, &result, 1);
        return result.Tag == ValueTag.Bool ? result.Integer != 0 : throw Unexpected(result.Tag);
    }

    /// <summary>Calls for an int.</summary>
    public long CallLong(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Execute(arguments, &result, 1);
        return result.Tag == ValueTag.Int ? result.Integer : throw Unexpected(result.Tag);
    }

    /// <summary>Calls for a float.</summary>
    public double CallDouble(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Execute(arguments, &result, 1);
        return result.Tag == ValueTag.Double ? result.Real : throw Unexpected(result.Tag);
    }

    /// <summary>Calls for a number of any kind.</summary>
    public Scalar CallScalar(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Execute(arguments, &result, 1);
        switch (result.Tag)
        {
            case ValueTag.Int: return result.Integer;
            case ValueTag.Double: return result.Real;
            case ValueTag.Bool: return result.Integer != 0;
            case ValueTag.Complex:
                double* parts = (double*)result.Pointer;
                var complex = new Complex(parts[0], parts[1]);
                NativeMethods.torchsharp_free(parts);
                return complex;
            default: throw Unexpected(result.Tag);
        }
    }

    public override string ToString() => overload.Length == 0 ? name : name + "." + overload;

    private torch.Tensor Single(in NativeValue result) =>
        result.Tag == ValueTag.Tensor ? new torch.Tensor((nint)result.Pointer) : throw Unexpected(result.Tag);

    private InvalidOperationException Unexpected(ValueTag tag) => new($"{this} returned a value of another kind: {tag}");

    [SkipLocalsInit]
    private void Execute(ReadOnlySpan<Value> arguments, NativeValue* results, int capacity)
    {
        if (handle == 0)
            Find();
        int needed = 0;
        foreach (ref readonly Value argument in arguments)
            needed += argument.ScratchLength;
        Span<long> scratch = needed <= StackScratch ? stackalloc long[StackScratch] : new long[needed];
        NativeValue* native = stackalloc NativeValue[arguments.Length];
        fixed (long* address = scratch)
        {
            int used = 0;
            for (int i = 0; i < arguments.Length; i++)
            {
                arguments[i].Write(native + i, scratch[used..], address + used);
                used += arguments[i].ScratchLength;
            }
            NativeMethods.Check(NativeMethods.torchsharp_call(handle, native, arguments.Length, results, capacity));
        }
        // A finalizer must not release an argument while libtorch reads it.
        foreach (ref readonly Value argument in arguments)
            GC.KeepAlive(argument.Reference);
    }

    private void Find()
    {
        NativeMethods.Check(NativeMethods.torchsharp_operator(name, overload, out nint found));
        handle = found;
    }
}
