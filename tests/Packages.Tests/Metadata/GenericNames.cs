namespace CloudPipe.Packages.Tests.Metadata;

/// <summary>What a signature's type parameters are called, or what stands for them.</summary>
/// <param name="OfType">Of the declaring type, by position.</param>
/// <param name="OfMethod">Of the method, by position.</param>
internal sealed record GenericNames(IReadOnlyList<string> OfType, IReadOnlyList<string> OfMethod)
{
    public static readonly GenericNames None = new([], []);
}
