using Xunit;

namespace CloudPipe.Tests.Support;

/// <summary>A test against files of <see cref="ParityData"/>; skipped, with the reason, where one of them is missing.</summary>
internal sealed class ParityFactAttribute : FactAttribute
{
    public ParityFactAttribute(params string[] files) => Skip = ParityData.WhyMissing(files);
}
