namespace CloudPipe.GpuWorker.Training.Augmentation;

/// <summary>Something to do to a tile, as torchvision does it to a tensor of bytes.</summary>
/// <param name="Kind">What.</param>
/// <param name="Magnitude">
/// How far: a slope, pixels, degrees counter-clockwise, what is added to the factor 1, bits, a threshold or a part of the colour
/// circle. Nothing for those that have no magnitude.
/// </param>
internal readonly record struct TileOperation(TileOperationKind Kind, double Magnitude = 0)
{
    /// <summary>Changes a tile in place.</summary>
    /// <param name="tile">Red, green and blue bytes, <c>[size, size, 3]</c>.</param>
    /// <param name="size">Width and height in pixels.</param>
    public void Apply(Span<byte> tile, int size)
    {
        switch (Kind)
        {
            case TileOperationKind.Identity:
                break;
            case TileOperationKind.ShearX:
                TileGeometry.Shear(tile, size, Magnitude, 0);
                break;
            case TileOperationKind.ShearY:
                TileGeometry.Shear(tile, size, 0, Magnitude);
                break;
            case TileOperationKind.TranslateX:
                TileGeometry.Translate(tile, size, (int)Magnitude, 0);
                break;
            case TileOperationKind.TranslateY:
                TileGeometry.Translate(tile, size, 0, (int)Magnitude);
                break;
            case TileOperationKind.Rotate:
                TileGeometry.Rotate(tile, size, Magnitude);
                break;
            case TileOperationKind.Brightness:
                TileColors.Brighten(tile, 1 + Magnitude);
                break;
            case TileOperationKind.Color:
                TileColors.Saturate(tile, 1 + Magnitude);
                break;
            case TileOperationKind.Contrast:
                TileColors.Contrast(tile, 1 + Magnitude);
                break;
            case TileOperationKind.Sharpness:
                TileColors.Sharpen(tile, size, 1 + Magnitude);
                break;
            case TileOperationKind.Hue:
                TileColors.TurnHue(tile, Magnitude);
                break;
            case TileOperationKind.Posterize:
                TileLevels.Posterize(tile, (int)Magnitude);
                break;
            case TileOperationKind.Solarize:
                TileLevels.Solarize(tile, (float)Magnitude);
                break;
            case TileOperationKind.AutoContrast:
                TileLevels.AutoContrast(tile);
                break;
            case TileOperationKind.Equalize:
                TileLevels.Equalize(tile);
                break;
            case TileOperationKind.Invert:
                TileLevels.Solarize(tile, threshold: 0);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "There is no such operation.");
        }
    }
}
