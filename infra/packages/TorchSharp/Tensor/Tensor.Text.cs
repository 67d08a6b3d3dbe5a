using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream);
            return Load(reader);
        }

        public static Tensor Load(string location)
        {
            using FileStream stream = File.OpenRead(location);
            return Load(stream);
        }

        /// <summary>Shape, type and device, e.g. "[2x3], type = Float32, device = cpu".</summary>
        public override string ToString() => handle == 0 ? "" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        public Scalar ToScalar() => IndexingOperators.Item.CallScalar(this);

        public bool is_nonzero()
        {
            if (numel() != 1)
                throw new InvalidOperationException("is_nonzero() called on non-singleton tensor");
            return IndexingOperators.IsNonzero.CallBool(this);
        }

        public Tensor squeeze_(long? dim = null)
        {
            if (dim.HasValue)
                ShapesOperators.SqueezeInPlaceDim.Invoke(this, dim.Value);
            else
                ShapesOperators.SqueezeInPlace.Invoke(this);
            return this;
        }

        /// <summary>Makes this tensor share the storage, sizes and strides of another.</summary>
        public Tensor set_(Tensor source)
        {
            IndexingOperators.SetInPlace.Invoke(this, source);
            return this;
        }

        public Tensor real => IndexingOperators.Real.Call(this);

        public Tensor imag => IndexingOperators.Imag.Call(this);

        public Tensor mT => ShapesOperators.TransposeInt.Call(this, -2, -1);

        private static string? Mode(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();
    }
}
