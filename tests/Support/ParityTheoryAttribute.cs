using Xunit;

namespace CloudPipe.Tests.Support;

/// <summary>A theory against files of <see cref="ParityData"/>; skipped, with the reason, where one of them is missing.</summary>
internal sealed class ParityTheoryAttribute : TheoryAttribute
{
    public ParityTheoryAttribute(params string[] files) => Skip = ParityData.WhyMissing(files);
}
