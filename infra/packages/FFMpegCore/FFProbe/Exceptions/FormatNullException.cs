namespace FFMpegCore.Exceptions;

public class FormatNullException() : FFProbeException("Format not specified");
