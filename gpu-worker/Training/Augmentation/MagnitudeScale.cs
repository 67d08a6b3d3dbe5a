namespace CloudPipe.GpuWorker.Training.Augmentation;

/// <summary>What the numbered magnitudes of the policies mean, as in torchvision.</summary>
internal static class MagnitudeScale
{
    /// <summary>Whether a policy draws the magnitude's sign.</summary>
    public static bool IsSigned(TileOperationKind kind) => kind is >= TileOperationKind.ShearX and <= TileOperationKind.Sharpness;

    /// <summary>An operation of a numbered magnitude.</summary>
    /// <param name="kind">The operation.</param>
    /// <param name="number">The magnitude's number, from 0.</param>
    /// <param name="count">How many magnitudes there are.</param>
    /// <param name="tileSize">Width and height of a tile in pixels.</param>
    /// <param name="isNegative">Whether to go the other way, where there is one.</param>
    public static TileOperation Operation(TileOperationKind kind, int number, int count, int tileSize, bool isNegative)
    {
        double magnitude = kind switch
        {
            TileOperationKind.ShearX or TileOperationKind.ShearY => Between(0, 0.3, number, count),

            // The policies were found on pictures of 331 pixels.
            TileOperationKind.TranslateX or TileOperationKind.TranslateY => Between(0, 150.0 / 331.0 * tileSize, number, count),
            TileOperationKind.Rotate => Between(0, 30, number, count),
            TileOperationKind.Brightness or TileOperationKind.Color or TileOperationKind.Contrast or TileOperationKind.Sharpness => Between(0, 0.9, number, count),
            TileOperationKind.Posterize => 8 - Math.Round(number / ((count - 1) / 4.0)),
            TileOperationKind.Solarize => Between(255, 0, number, count),
            _ => 0,
        };
        return new TileOperation(kind, isNegative && IsSigned(kind) ? -magnitude : magnitude);
    }

    // As linspace counts in float32: from the nearer end.
    private static float Between(double first, double last, int number, int count)
    {
        float step = ((float)last - (float)first) / (count - 1);
        return number < count / 2 ? (float)first + (step * number) : (float)last - (step * (count - 1 - number));
    }
}
