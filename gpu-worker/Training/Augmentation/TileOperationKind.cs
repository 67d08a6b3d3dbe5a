namespace CloudPipe.GpuWorker.Training.Augmentation;

/// <summary>What can be done to a tile's pixels, by the names of the AutoAugment paper; the hue is ColorJitter's.</summary>
internal enum TileOperationKind
{
    Identity,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    Brightness,
    Color,
    Contrast,
    Sharpness,
    Posterize,
    Solarize,
    AutoContrast,
    Equalize,
    Invert,
    Hue,
}
