namespace FFMpegCore.Arguments;

public class InputArgument(bool verifyExists, string filePaths) : IInputArgument
{
    public readonly string FilePath = filePaths;
    public readonly bool VerifyExists = verifyExists;

    public string Text => $"-i \"{FilePath}\"";

    public void Pre()
    {
        if (VerifyExists && !File.Exists(FilePath))
            throw new FileNotFoundException("Input file not found", FilePath);
    }

    public Task During(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public void Post()
    {
    }
}
