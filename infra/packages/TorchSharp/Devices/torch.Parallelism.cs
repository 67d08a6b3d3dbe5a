using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static int get_num_threads() => NativeMethods.torchsharp_get_num_threads();

    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.torchsharp_set_num_threads(num));

    public static int get_num_interop_threads() => NativeMethods.torchsharp_get_num_interop_threads();

    public static void set_num_interop_threads(int num) => NativeMethods.Check(NativeMethods.torchsharp_set_num_interop_threads(num));
}
