namespace FFMpegCore.Exceptions;

public class FFProbeException(string message, Exception? inner = null) : Exception(message, inner);
