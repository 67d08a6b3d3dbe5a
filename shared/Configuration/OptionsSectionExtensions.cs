using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CloudPipe.Configuration;

/// <summary>Registers options classes so that their keys are known, bound and validated.</summary>
public static class OptionsSectionExtensions
{
    /// <summary>Binds an options class to a section, validates it at start-up, and makes both the class and its options available.</summary>
    /// <typeparam name="T">The options class; its annotations and its own <c>Validate</c> are applied.</typeparam>
    /// <param name="services">Where to register.</param>
    /// <param name="section">The section below <c>CloudPipe</c>, for example <c>Queue</c>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddOptionsSection<T>(this IServiceCollection services, string section)
        where T : class
    {
        string path = $"{OptionsSection.Root}:{section}";
        services.AddSingleton(new OptionsSection(path, typeof(T)));
        services.AddOptions<T>().BindConfiguration(path).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new OptionsSectionValidator<T>(path));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        return services;
    }
}
