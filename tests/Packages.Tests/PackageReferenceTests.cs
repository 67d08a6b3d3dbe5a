using CloudPipe.Tests.Support;

namespace CloudPipe.Packages.Tests;

/// <summary>Product code names of the packages with stand-ins only what was found in the real ones.</summary>
public sealed class PackageReferenceTests(ProductUses uses) : IClassFixture<ProductUses>
{
    public static TheoryData<string> Packages => [.. new ProductUses().Lines.Keys.Union(ReferenceFile.Packages).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void EverythingUsedStandsInTheReference(string package)
    {
        string[] unknown = [.. Used(package).Except(ReferenceFile.Read(package))];

        Assert.True(unknown.Length == 0, $"""
            Product code uses of {package} what nobody has found in the real package:
            {string.Join(Environment.NewLine, unknown)}
            Look each up in the source that {ReferenceFile.PathOf(package)} names. Where it is there with this very signature, add the line; where it differs, correct the stand-in in infra/packages/{package}; where it is missing, do without it.
            """);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void TheReferenceHoldsNothingThatIsUnused(string package)
    {
        string[] unused = [.. ReferenceFile.Read(package).Except(Used(package))];

        Assert.True(unused.Length == 0, $"""
            {ReferenceFile.PathOf(package)} has lines that product code no longer uses, or uses with another signature: remove them.
            {string.Join(Environment.NewLine, unused)}
            """);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void TheReferenceIsSortedAndSaysWhatItWasCheckedAgainst(string package)
    {
        IReadOnlyList<string> lines = ReferenceFile.Read(package);

        Assert.Equal(lines.Distinct().Order(StringComparer.Ordinal), lines);
        Assert.Contains(ReferenceFile.Comments(package), comment => comment.StartsWith($"# {package} {PackageVersions.Of(package)}: ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void TheDocumentSaysHowManyLinesWereCheckedAtWhichVersion(string package) => Assert.Contains(
        $"| {package} | {PackageVersions.Of(package)} | {ReferenceFile.Read(package).Count} |",
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "packages.md")),
        StringComparison.Ordinal);

    [Fact]
    public void EveryPackageWithAReferenceHasAStandIn() => Assert.Empty(ReferenceFile.Packages.Except(uses.StandIns));

    private IReadOnlyList<string> Used(string package) => uses.Lines.GetValueOrDefault(package, []);
}
