using CloudPipe.Deployment.Tests.Support;

namespace CloudPipe.Deployment.Tests.Bicep;

public sealed class RoleTests
{
    private static IReadOnlyDictionary<string, string> Roles => BicepFiles.At("bicep/roles.bicep").Names("roles");

    private static IEnumerable<(BicepFile File, BicepDeclaration Assignment)> Assignments => BicepFiles.Templates
        .SelectMany(file => file.ResourcesOf("Microsoft.Authorization/roleAssignments").Select(assignment => (file, assignment)));

    [Fact]
    public void Every_role_is_one_of_Azures_under_its_own_name() => Assert.All(Roles, role =>
    {
        Assert.True(BuiltInRoles.Names.TryGetValue(role.Value, out string? name), $"{role.Key}: no built-in role has the id {role.Value}");
        Assert.Equal(Letters(name!.Replace("Azure ", "", StringComparison.Ordinal)), Letters(role.Key));
    });

    [Fact]
    public void Every_role_is_given_to_somebody_and_every_assignment_names_one()
    {
        string[] used = [.. BicepFiles.Templates.SelectMany(file => file.Root.DescendantsOf("member_expression"))
            .Select(access => access.Source).Where(source => source.StartsWith("roles.", StringComparison.Ordinal)).Select(source => source["roles.".Length..]).Distinct()];

        Assert.Equal(Roles.Keys.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        Assert.NotEmpty(Assignments);
        Assert.All(Assignments, item => Assert.Matches(
            @"^subscriptionResourceId\('Microsoft\.Authorization/roleDefinitions',(roles\.\w+|role)\)$", item.Assignment.Body.At("properties", "roleDefinitionId")!.Source));
    }

    [Fact]
    public void Every_assignment_has_a_scope_a_kind_of_principal_and_a_name_of_its_own() => Assert.All(Assignments, item =>
    {
        BicepNode body = item.Assignment.Body;
        string scope = body.Property("scope")!.Source;
        string principal = body.At("properties", "principalId")!.Source;
        Assert.NotNull(body.At("properties", "principalType"));

        // guid(what, whom, which role): the same again on every deployment, and another one for every other.
        string name = body.Property("name")!.Source;
        Assert.StartsWith($"guid({scope}.id,", name, StringComparison.Ordinal);
        Assert.Contains(principal.Replace(".identity.principalId", ".id", StringComparison.Ordinal), name, StringComparison.Ordinal);
        string role = body.At("properties", "roleDefinitionId")!.Source.Split(',')[1].TrimEnd(')');
        Assert.EndsWith($",{role})", name, StringComparison.Ordinal);
    });

    [Fact]
    public void No_process_may_write_what_it_only_reads()
    {
        BicepFile storage = BicepFiles.Module("storage");
        string[] writes = [.. storage.Named("workerWrites").Value.Elements.Select(element => element.Source)];
        string[] reads = [.. storage.Named("workerReads").Value.Elements.Select(element => element.Source)];

        Assert.Empty(writes.Intersect(reads));
        Assert.DoesNotContain("containers.inspections", writes.Concat(reads));
        Assert.DoesNotContain(Assignments, item => item.Assignment.Body.Property("scope")!.Source == "account"
            && item.Assignment.Body.At("properties", "principalId")!.Source == "workerPrincipalId");
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetter)).ToUpperInvariant();
}
