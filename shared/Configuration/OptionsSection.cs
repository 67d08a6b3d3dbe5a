namespace CloudPipe.Configuration;

/// <summary>One options class and the configuration section that fills it.</summary>
/// <param name="Path">The section, for example <c>CloudPipe:Queue</c>; several classes may share one.</param>
/// <param name="Type">The options class.</param>
public sealed record OptionsSection(string Path, Type Type)
{
    /// <summary>The section that holds every key of CloudPipe.</summary>
    public const string Root = "CloudPipe";
}
