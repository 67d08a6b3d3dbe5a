using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe class Generator : IDisposable
    {
        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            NativeMethods.Check(NativeMethods.torchsharp_generator_create(seed, (int)this.device.type, this.device.index, out nint handle));
            Handle = handle;
        }

        internal Generator(nint handle)
        {
            Handle = handle;
            device = CPU;
        }

        ~Generator() => Dispose(disposing: false);

        public static Generator Default
        {
            get
            {
                NativeMethods.Check(NativeMethods.torchsharp_generator_default(out nint handle));
                return new Generator(handle);
            }
        }

        public nint Handle { get; private set; }
        public Device device { get; }

        public Tensor get_state()
        {
            NativeMethods.Check(NativeMethods.torchsharp_generator_state(Handle, out nint state));
            return new Tensor(state);
        }

        public void set_state(Tensor value) => NativeMethods.Check(NativeMethods.torchsharp_generator_set_state(Handle, value.Handle));

        public Generator manual_seed(long seed)
        {
            NativeMethods.Check(NativeMethods.torchsharp_generator_set_seed(Handle, seed));
            return this;
        }

        public long seed()
        {
            long seed = DateTime.UtcNow.Ticks;
            manual_seed(seed);
            return seed;
        }

        public long initial_seed() => NativeMethods.torchsharp_generator_seed(Handle);

        public void Dispose()
        {
            Dispose(disposing: true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Handle == 0)
                return;
            NativeMethods.torchsharp_generator_delete(Handle);
            Handle = 0;
        }
    }
}
