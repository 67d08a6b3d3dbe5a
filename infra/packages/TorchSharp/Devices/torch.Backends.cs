using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class backends
    {
        private const int MatmulAllowTF32 = 0;
        private const int CudnnAllowTF32 = 1;

        private static unsafe void Set(int flag, bool value) => NativeMethods.Check(NativeMethods.torchsharp_set_flag(flag, value ? 1 : 0));

        public static partial class cuda
        {
            public static partial class matmul
            {
                public static bool allow_tf32
                {
                    get => NativeMethods.torchsharp_get_flag(MatmulAllowTF32) != 0;
                    set => Set(MatmulAllowTF32, value);
                }
            }
        }

        public static partial class cudnn
        {
            public static bool allow_tf32
            {
                get => NativeMethods.torchsharp_get_flag(CudnnAllowTF32) != 0;
                set => Set(CudnnAllowTF32, value);
            }
        }
    }
}
