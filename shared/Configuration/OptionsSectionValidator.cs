using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CloudPipe.Configuration;

/// <summary>Applies an options class's annotations and names the configuration key in every complaint.</summary>
/// <typeparam name="T">The options class.</typeparam>
/// <param name="path">The section that fills it.</param>
internal sealed class OptionsSectionValidator<T>(string path) : IValidateOptions<T>
    where T : class
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var results = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(results.Select(result => Describe(result, options)));
    }

    private string Describe(ValidationResult result, T options)
    {
        string? member = result.MemberNames.FirstOrDefault();
        object? value = member is null ? null : typeof(T).GetProperty(member)?.GetValue(options);
        return member is null ? $"{path}: {result.ErrorMessage}" : $"{path}:{member} is '{value}': {result.ErrorMessage}";
    }
}
