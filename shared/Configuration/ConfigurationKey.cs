using System.Collections;
using System.Reflection;

namespace CloudPipe.Configuration;

/// <summary>One key of the configuration.</summary>
/// <param name="Path">As it is written on the command line, for example <c>CloudPipe:Queue:MaxDeliveryCount</c>; a list's index is <c>*</c>.</param>
/// <param name="Property">The property that it sets.</param>
/// <param name="Default">The value that holds when nobody sets it; <see langword="null"/> for none.</param>
public sealed record ConfigurationKey(string Path, PropertyInfo Property, object? Default)
{
    /// <summary>Lists the keys of some sections.</summary>
    /// <param name="sections">The sections.</param>
    /// <returns>The keys, in order of their paths.</returns>
    public static IReadOnlyList<ConfigurationKey> Of(IEnumerable<OptionsSection> sections) =>
        [.. sections.SelectMany(section => Of(section.Path, section.Type)).OrderBy(key => key.Path, StringComparer.Ordinal)];

    private static IEnumerable<ConfigurationKey> Of(string path, Type type)
    {
        object instance = Activator.CreateInstance(type)!;
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsBound))
        {
            string key = $"{path}:{property.Name}";
            Type? element = ElementOf(property.PropertyType);
            if (element is null || IsScalar(element))
            {
                yield return new ConfigurationKey(element is null ? key : $"{key}:*", property, property.GetValue(instance));
                continue;
            }

            foreach (ConfigurationKey inner in Of($"{key}:*", element))
            {
                yield return inner;
            }
        }
    }

    private static bool IsBound(PropertyInfo property) =>
        property.GetIndexParameters().Length == 0 && (property.SetMethod?.IsPublic == true || ElementOf(property.PropertyType) is not null);

    private static bool IsScalar(Type type) => type.IsValueType || type == typeof(string) || type == typeof(Uri);

    private static Type? ElementOf(Type type) => type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type)
        ? null
        : type.IsArray ? type.GetElementType() : type.GetGenericArguments()[^1];
}
