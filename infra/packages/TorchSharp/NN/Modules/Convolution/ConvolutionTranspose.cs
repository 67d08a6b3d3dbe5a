using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class ConvolutionTranspose : Convolution
{
    protected ConvolutionTranspose(
        string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type,
        long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode,
        Device? device = null, ScalarType? dtype = null)
        : base(
            name, in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, transposed, output_padding,
            groups, bias, padding_mode, device, dtype)
    {
    }

    public override Tensor forward(Tensor input) => forward(input, null);

    public abstract Tensor forward(Tensor input, long[]? output_size);

    /// <summary>The stride makes several output sizes fit one input size; this finds the padding that gives the one asked for.</summary>
    protected long[] _output_padding(
        Tensor input, long[]? output_size, long[] kernel_size, long[] stride, long[] padding, long[] dilation, long num_spatial_dims)
    {
        if (output_size is null) return output_padding;

        var others = input.dim() == num_spatial_dims + 2 ? 2 : 1;
        if (output_size.Length == others + num_spatial_dims) output_size = output_size[others..];
        if (output_size.Length != num_spatial_dims)
            throw new ArgumentException($"ConvTranspose{num_spatial_dims}D: for {input.dim()}D input, output_size must have {num_spatial_dims} or {others + num_spatial_dims} elements (got {output_size.Length})", nameof(input));

        var sizes = new long[num_spatial_dims];
        for (var dimension = 0; dimension < sizes.Length; dimension++)
        {
            var smallest = ((input.size(dimension + others) - 1) * stride[dimension]) - (2 * padding[dimension])
                + (dilation[dimension] * (kernel_size[dimension] - 1)) + 1;
            var largest = smallest + stride[dimension] - 1;
            if (output_size[dimension] < smallest || output_size[dimension] > largest)
                throw new ArgumentException($"Requested an output size of {output_size[dimension]}, but valid sizes range from {smallest} to {largest}");
            sizes[dimension] = output_size[dimension] - smallest;
        }

        return sizes;
    }
}
