using CloudPipe.Configuration;
using CloudPipe.Local.Commands;
using Microsoft.Extensions.Configuration;

namespace CloudPipe.Local.Hosting;

/// <summary>Where the configuration comes from; a later source wins over an earlier one.</summary>
public static class LocalConfiguration
{
    private const string FileName = "appsettings.json";

    /// <summary>
    /// Reads <c>appsettings.json</c> beside the program, then the one in the working directory, then environment variables
    /// (<c>CLOUDPIPE__Queue__MaxDeliveryCount</c>), then the command line, whose last word on a key counts.
    /// </summary>
    /// <param name="settings">The command line.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="CommandFailedException">A file is no JSON.</exception>
    public static IConfigurationRoot Build(CommandSettings settings)
    {
        var commandLine = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string? value) in settings.Overrides ?? [])
        {
            commandLine[key] = value;
        }

        if (settings.Bucket is not null)
        {
            commandLine[$"{OptionsSection.Root}:Storage:{nameof(StorageOptions.Folder)}"] = settings.Bucket;
        }

        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, FileName), optional: true)
                .AddJsonFile(Path.Combine(Directory.GetCurrentDirectory(), FileName), optional: true)
                .AddEnvironmentVariables()
                .AddInMemoryCollection(commandLine)
                .Build();
        }
        catch (InvalidDataException exception)
        {
            throw new CommandFailedException(ExitCode.Usage, $"{exception.Message} {exception.InnerException?.Message}");
        }
    }
}
