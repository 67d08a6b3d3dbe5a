namespace CloudPipe.Inspections;

/// <summary>What a probe tells of a video without decoding it.</summary>
/// <param name="DurationSeconds">The length of its video stream.</param>
/// <param name="StartSeconds">The first frame's time stamp; not zero in some recordings.</param>
/// <param name="Width">Pixels as a viewer shows it, rotation applied.</param>
/// <param name="Height">Pixels as a viewer shows it, rotation applied.</param>
/// <param name="FramesPerSecond">The average frame rate.</param>
/// <param name="Codec">The video codec by ffmpeg's name, for example <c>h264</c>.</param>
/// <param name="Container">The container by ffmpeg's name, for example <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="RotationDegrees">Clockwise rotation that the recording asks for: 0, 90, 180 or 270.</param>
public sealed record VideoInfo(double DurationSeconds, double StartSeconds, int Width, int Height, double FramesPerSecond, string Codec, string Container, int RotationDegrees);
