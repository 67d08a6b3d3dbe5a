using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public Span<byte> bytes
        {
            get => new(ReadablePointer(int.MaxValue), (int)ByteCount);
            set
            {
                if (!is_contiguous())
                    throw new InvalidOperationException("SetBytes() called on non-contiguous tensor.");
                if (ByteCount != value.Length)
                    throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(new Span<byte>(ReadablePointer(int.MaxValue), value.Length));
            }
        }

        private long ByteCount => NumberOfElements * ElementSize;

        public Utils.TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new Utils.TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1)
                throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            byte* from = ReadablePointer(long.MaxValue);
            for (long written = 0, total = ByteCount; written < total;)
            {
                int part = (int)Math.Min(total - written, bufferSize);
                stream.Write(new ReadOnlySpan<byte>(from + written, part));
                written += part;
            }
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            byte* to = ReadablePointer(long.MaxValue);
            for (long done = 0, total = ByteCount; done < total;)
            {
                int read = stream.Read(new Span<byte>(to + done, (int)Math.Min(total - done, bufferSize)));
                if (read == 0)
                    throw new EndOfStreamException();
                done += read;
            }
        }

        public double ReadCpuDouble(long i) => Utils.TensorAccessor<double>.ReadItemAt(this, i);
        public float ReadCpuSingle(long i) => Utils.TensorAccessor<float>.ReadItemAt(this, i);
        public int ReadCpuInt32(long i) => Utils.TensorAccessor<int>.ReadItemAt(this, i);
        public long ReadCpuInt64(long i) => Utils.TensorAccessor<long>.ReadItemAt(this, i);
        public byte ReadCpuByte(long i) => Utils.TensorAccessor<byte>.ReadItemAt(this, i);
        public sbyte ReadCpuSByte(long i) => Utils.TensorAccessor<sbyte>.ReadItemAt(this, i);
        public short ReadCpuInt16(long i) => Utils.TensorAccessor<short>.ReadItemAt(this, i);
        public bool ReadCpuBool(long i) => Utils.TensorAccessor<bool>.ReadItemAt(this, i);
        public T ReadCpuValue<T>(long i) where T : unmanaged => Utils.TensorAccessor<T>.ReadItemAt(this, i);

        internal void* DataPointer()
        {
            NativeMethods.Check(NativeMethods.torchsharp_tensor_data(Handle, out void* data));
            return data;
        }

        internal void ValidateType(Type dotnetType)
        {
            ScalarType type = dtype;
            if (type == ScalarType.BFloat16)
                throw new ArgumentException($"No support for {type} in TorchSharp");
            if (ToScalarType(dotnetType) != type)
                throw new ArgumentException($"{dotnetType.Name} is not compatible with {type}");
        }

        private byte* ReadablePointer(long limit)
        {
            if (!is_contiguous())
                throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (ByteCount > limit)
                throw new ArgumentException("Span only supports up to int.MaxValue elements.");
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            return (byte*)DataPointer();
        }
    }
}
