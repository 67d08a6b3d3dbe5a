using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>
/// The exports of TorchSharpNative.cpp. A byte* result is an error text, null for success: <see cref="Check"/> turns it
/// into an exception. Calls that only read a field of a live tensor skip the transition of the garbage collector.
/// </summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "TorchSharpNative";

    /// <summary>Throws the error that a native function returned, if it did.</summary>
    internal static void Check(byte* error)
    {
        if (error != null)
            Throw(error);
    }

    private static void Throw(byte* error)
    {
        string message = Marshal.PtrToStringUTF8((nint)error) ?? "";
        torchsharp_free(error);
        throw new ExternalException(message);
    }

    [LibraryImport(Library)] internal static partial void torchsharp_free(void* memory);
    [LibraryImport(Library)] internal static partial void* torchsharp_allocate(long size);
    [LibraryImport(Library)] internal static partial byte* torchsharp_version();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* torchsharp_operator(string name, string overload, out nint result);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int torchsharp_has_operator(string name, string overload);
    [LibraryImport(Library)]
    internal static partial byte* torchsharp_call(nint @operator, NativeValue* arguments, int count, NativeValue* results, int capacity);

    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial void torchsharp_tensor_retain(nint handle);
    [LibraryImport(Library)] internal static partial void torchsharp_tensor_release(nint handle);
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial long torchsharp_tensor_dim(nint handle);
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial long torchsharp_tensor_numel(nint handle);
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial int torchsharp_tensor_dtype(nint handle);
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial long torchsharp_tensor_itemsize(nint handle);
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial int torchsharp_tensor_device(nint handle, int* index);
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial int torchsharp_tensor_is_contiguous(nint handle);
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial int torchsharp_tensor_is_sparse(nint handle);
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial long torchsharp_tensor_storage_offset(nint handle);
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial void torchsharp_tensor_sizes(nint handle, long* sizes);
    [LibraryImport(Library)] internal static partial byte* torchsharp_tensor_strides(nint handle, long* strides);
    [LibraryImport(Library)] internal static partial byte* torchsharp_tensor_data(nint handle, out void* data);
    [LibraryImport(Library)]
    internal static partial byte* torchsharp_tensor_from_blob(void* data, long* sizes, int count, int dtype,
        delegate* unmanaged<nint, void> deleted, nint state, out nint result);

    [LibraryImport(Library)] internal static partial int torchsharp_tensor_requires_grad(nint handle);
    [LibraryImport(Library)] internal static partial int torchsharp_tensor_is_leaf(nint handle);
    [LibraryImport(Library)] internal static partial byte* torchsharp_tensor_set_requires_grad(nint handle, int value);
    [LibraryImport(Library)] internal static partial byte* torchsharp_tensor_retain_grad(nint handle);
    [LibraryImport(Library)] internal static partial byte* torchsharp_tensor_grad(nint handle, out nint result);
    [LibraryImport(Library)] internal static partial byte* torchsharp_tensor_set_grad(nint handle, nint gradient);
    [LibraryImport(Library)]
    internal static partial byte* torchsharp_backward(nint* tensors, int count, nint* gradients, int gradientCount,
        int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Library)]
    internal static partial byte* torchsharp_grad(nint* outputs, int count, nint* inputs, int inputCount, nint* gradients,
        int gradientCount, int retainGraph, int createGraph, int allowUnused, nint* results);

    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial int torchsharp_grad_mode();
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial void torchsharp_set_grad_mode(int enabled);
    [SuppressGCTransition]
    [LibraryImport(Library)] internal static partial int torchsharp_inference_mode();
    [LibraryImport(Library)] internal static partial nint torchsharp_inference_guard(int enabled);
    [LibraryImport(Library)] internal static partial void torchsharp_inference_guard_delete(nint guard);
    [LibraryImport(Library)] internal static partial int torchsharp_anomaly_mode();
    [LibraryImport(Library)] internal static partial int torchsharp_anomaly_checks_nan();
    [LibraryImport(Library)] internal static partial void torchsharp_set_anomaly_mode(int enabled, int checkNan);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* torchsharp_node_create(string name,
        delegate* unmanaged<nint, nint*, int, nint*, int, byte*> backward, delegate* unmanaged<nint, void> deleted,
        nint state, nint* inputs, int count, out nint result);
    [LibraryImport(Library)] internal static partial void torchsharp_node_release(nint node);
    [LibraryImport(Library)] internal static partial nint torchsharp_node_get(nint node);
    [LibraryImport(Library)]
    internal static partial byte* torchsharp_node_wrap_outputs(nint node, nint* inputs, int inputCount, nint* constant,
        int constantCount, nint* dirty, int dirtyCount, nint* outputs, int count, nint* results);
    [LibraryImport(Library)] internal static partial byte* torchsharp_node_save(nint node, nint* tensors, int count);
    [LibraryImport(Library)] internal static partial int torchsharp_node_saved_count(nint node);
    [LibraryImport(Library)] internal static partial byte* torchsharp_node_saved(nint node, nint* results);

    [LibraryImport(Library)]
    internal static partial byte* torchsharp_generator_create(ulong seed, int deviceType, int deviceIndex, out nint result);
    [LibraryImport(Library)] internal static partial byte* torchsharp_generator_default(out nint result);
    [LibraryImport(Library)] internal static partial void torchsharp_generator_delete(nint generator);
    [LibraryImport(Library)] internal static partial long torchsharp_generator_seed(nint generator);
    [LibraryImport(Library)] internal static partial byte* torchsharp_generator_set_seed(nint generator, long seed);
    [LibraryImport(Library)] internal static partial byte* torchsharp_generator_state(nint generator, out nint result);
    [LibraryImport(Library)] internal static partial byte* torchsharp_generator_set_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial byte* torchsharp_manual_seed(long seed);
    [LibraryImport(Library)] internal static partial byte* torchsharp_cuda_manual_seed(long seed, int all);

    [LibraryImport(Library)] internal static partial int torchsharp_cuda_is_available();
    [LibraryImport(Library)] internal static partial int torchsharp_cudnn_is_available();
    [LibraryImport(Library)] internal static partial byte* torchsharp_cuda_device_count(out int count);
    [LibraryImport(Library)] internal static partial byte* torchsharp_cuda_synchronize(long device);
    [LibraryImport(Library)] internal static partial int torchsharp_get_flag(int flag);
    [LibraryImport(Library)] internal static partial byte* torchsharp_set_flag(int flag, int value);
    [LibraryImport(Library)] internal static partial byte* torchsharp_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int torchsharp_get_num_threads();
    [LibraryImport(Library)] internal static partial byte* torchsharp_set_num_interop_threads(int count);
    [LibraryImport(Library)] internal static partial int torchsharp_get_num_interop_threads();
}
