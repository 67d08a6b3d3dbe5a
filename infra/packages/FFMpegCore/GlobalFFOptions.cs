using System.Text.Json;

namespace FFMpegCore;

public static class GlobalFFOptions
{
    private const string ConfigFile = "ffmpeg.config.json";

    private static FFOptions? _current;

    public static FFOptions Current => _current ??= Load();

    public static void Configure(Action<FFOptions> optionsAction) => optionsAction(Current);

    public static void Configure(FFOptions ffOptions) => _current = ffOptions ?? throw new ArgumentNullException(nameof(ffOptions));

    public static string GetFFMpegBinaryPath(FFOptions? ffOptions = null) => FindBinary("ffmpeg", ffOptions ?? Current);

    public static string GetFFProbeBinaryPath(FFOptions? ffOptions = null) => FindBinary("ffprobe", ffOptions ?? Current);

    private static string FindBinary(string name, FFOptions options)
    {
        string file = OperatingSystem.IsWindows() ? $"{name}.exe" : name;
        string architecture = Environment.Is64BitProcess ? "x64" : "x86";
        string[] candidates = [Path.Combine(options.BinaryFolder, architecture, file), Path.Combine(options.BinaryFolder, file)];
        return candidates.FirstOrDefault(File.Exists) ?? file;
    }

    private static FFOptions Load() => File.Exists(ConfigFile)
        ? JsonSerializer.Deserialize<FFOptions>(File.ReadAllText(ConfigFile))!
        : new FFOptions();
}
