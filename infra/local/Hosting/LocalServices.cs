using CloudPipe.Configuration;
using CloudPipe.Functions.Hosting;
using CloudPipe.Functions.Inspections;
using CloudPipe.Functions.Telemetry;
using CloudPipe.GpuWorker.Worker;
using CloudPipe.Local.Api;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Logging;
using CloudPipe.Local.Triggers;
using CloudPipe.Progress;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace CloudPipe.Local.Hosting;

/// <summary>Puts the host together: every command has the same services and knows the same configuration keys; only serving starts them.</summary>
public static class LocalServices
{
    /// <summary>Builds the host, and refuses a configuration that is wrong.</summary>
    /// <param name="settings">The command line.</param>
    /// <param name="lowestLevel">Log entries below it are not written, unless <c>--verbose</c> asks for them.</param>
    /// <param name="roles">What the process does once the host is started.</param>
    /// <param name="budget">Lets a worker end when its queues are empty; <see langword="null"/> to stay.</param>
    /// <returns>A host that is not started.</returns>
    /// <exception cref="CommandFailedException">The configuration is wrong; the message has a line for each fault.</exception>
    public static IHost Build(CommandSettings settings, LogLevel lowestLevel = LogLevel.Information, HostRoles roles = HostRoles.All, DrainBudget? budget = null)
    {
        var configuration = new ConfigurationManager();
        configuration.AddConfiguration(LocalConfiguration.Build(settings), shouldDisposeConfiguration: true);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, Configuration = configuration });
        AddLogging(builder, settings, lowestLevel);
        builder.Services.AddSingleton(TimeProvider.System);

        // First, so that it stops last: what the others do to the end is told.
        builder.Services.AddCloudPipeTelemetry(roles == HostRoles.All ? "up" : roles.ToString().ToLowerInvariant());
        builder.Services.AddCloudPipePorts().AddCloudPipeSteps().AddGpuWorker();
        builder.Services.AddOptionsSection<WatchOptions>("Watch").AddOptionsSection<FunctionsOptions>("Functions");
        builder.Services.AddApiServer();
        builder.Services.AddSingleton(BoundFunction.FindAll(typeof(IngestFunction).Assembly));
        builder.Services.AddSingleton<ProgressReader>();
        builder.Services.AddSingleton<ReleasePublisher>();
        builder.Services.AddHostedService<BucketPreparation>();
        if (roles.HasFlag(HostRoles.Worker))
        {
            builder.Services.AddGpuWorkerConsumers(budget);
        }

        if (roles.HasFlag(HostRoles.Functions))
        {
            builder.Services.AddHostedService<FunctionQueueListener>();
            builder.Services.AddHostedService<UploadListener>();
            builder.Services.AddHostedService<TimerListener>();
            builder.Services.AddHostedService(provider => provider.GetRequiredService<ApiServer>());
        }

        IHost host = builder.Build();
        string[] faults = [.. Faults(host.Services)];
        if (faults.Length > 0)
        {
            host.Dispose();
            throw new CommandFailedException(ExitCode.Usage, string.Join(Environment.NewLine, faults));
        }

        return host;
    }

    private static void AddLogging(HostApplicationBuilder builder, CommandSettings settings, LogLevel lowestLevel)
    {
        builder.Logging.SetMinimumLevel(settings.Verbose ? LogLevel.Debug : lowestLevel);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);

        // Of two filters for the same category the later one holds.
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.None);
        builder.Logging.AddConsole(options => options.FormatterName = settings.JsonLogs ? ConsoleFormatterNames.Json : LogLineFormatter.FormatterName);
        builder.Logging.AddConsoleFormatter<LogLineFormatter, ConsoleFormatterOptions>();
        builder.Services.Configure<JsonConsoleFormatterOptions>(options =>
        {
            options.IncludeScopes = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });

        // Standard output belongs to results.
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static IEnumerable<string> Faults(IServiceProvider services)
    {
        foreach (string unknown in ConfigurationCheck.FindUnknownKeys(services.GetRequiredService<IConfiguration>(), services.GetServices<OptionsSection>()))
        {
            yield return unknown;
        }

        string[] invalid;
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            yield break;
        }
        catch (OptionsValidationException exception)
        {
            invalid = [.. exception.Failures];
        }
        catch (AggregateException exception)
        {
            invalid = [.. exception.InnerExceptions.SelectMany(inner => inner is OptionsValidationException validation ? validation.Failures : [inner.Message])];
        }
        catch (InvalidOperationException exception)
        {
            // The binder's own words name the key and the value.
            invalid = [exception.Message];
        }

        foreach (string fault in invalid)
        {
            yield return fault;
        }
    }
}
