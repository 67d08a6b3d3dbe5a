using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long Dimensions => NativeMethods.torchsharp_tensor_dim(Handle);

        public long dim() => Dimensions;

        public long ndim => Dimensions;

        public long NumberOfElements => NativeMethods.torchsharp_tensor_numel(Handle);

        public long numel() => NumberOfElements;

        public long ElementSize => NativeMethods.torchsharp_tensor_itemsize(Handle);

        public long element_size() => ElementSize;

        public ScalarType dtype => (ScalarType)NativeMethods.torchsharp_tensor_dtype(Handle);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_sparse => NativeMethods.torchsharp_tensor_is_sparse(Handle) != 0;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_contiguous() => NativeMethods.torchsharp_tensor_is_contiguous(Handle) != 0;

        public long storage_offset() => NativeMethods.torchsharp_tensor_storage_offset(Handle);

        public DeviceType device_type
        {
            get
            {
                int index;
                return (DeviceType)NativeMethods.torchsharp_tensor_device(Handle, &index);
            }
        }

        public int device_index
        {
            get
            {
                int index;
                NativeMethods.torchsharp_tensor_device(Handle, &index);
                return index;
            }
        }

        public Device device
        {
            get
            {
                int index;
                var type = (DeviceType)NativeMethods.torchsharp_tensor_device(Handle, &index);
                return type == DeviceType.CPU ? new Device(DeviceType.CPU) : new Device(type, index);
            }
        }

        public long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* address = sizes)
                    NativeMethods.torchsharp_tensor_sizes(Handle, address);
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim) => shape[Wrap(dim)];

        public long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* address = strides)
                NativeMethods.Check(NativeMethods.torchsharp_tensor_strides(Handle, address));
            return strides;
        }

        public long stride(int dim) => stride()[Wrap(dim)];

        private long Wrap(long dim)
        {
            long dimensions = Dimensions;
            if (dim < -dimensions || dim >= dimensions)
            {
                throw new System.Runtime.InteropServices.ExternalException(
                    $"Dimension out of range (expected to be in range of [{-dimensions}, {dimensions - 1}], but got {dim})");
            }
            return dim < 0 ? dim + dimensions : dim;
        }
    }
}
