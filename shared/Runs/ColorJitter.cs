namespace CloudPipe.Runs;

/// <summary>How far training varies a sample's colours, as torchvision's ColorJitter does; 0 leaves them.</summary>
/// <param name="Brightness">Pixels are multiplied by 1 plus or minus at most this, not by less than 0.</param>
/// <param name="Contrast">Distances from the tile's mean grey are multiplied likewise.</param>
/// <param name="Saturation">Distances from the pixel's grey are multiplied likewise.</param>
/// <param name="Hue">The hue is turned by at most this part of the colour circle to either side, 0 to 0.5.</param>
public sealed record ColorJitter(double Brightness = 0, double Contrast = 0, double Saturation = 0, double Hue = 0);
