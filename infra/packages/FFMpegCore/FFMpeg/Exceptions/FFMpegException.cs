namespace FFMpegCore.Exceptions;

public class FFMpegException : Exception
{
    public FFMpegException(FFMpegExceptionType type, string message, Exception? innerException = null, string ffMpegErrorOutput = "")
        : base(message, innerException) => (Type, FFMpegErrorOutput) = (type, ffMpegErrorOutput);

    public FFMpegException(FFMpegExceptionType type, string message)
        : this(type, message, null)
    {
    }

    public FFMpegExceptionType Type { get; }

    public string FFMpegErrorOutput { get; }
}
