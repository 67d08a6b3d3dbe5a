using System.Reflection;
using System.Reflection.Metadata;

namespace CloudPipe.Packages.Tests.Metadata;

/// <summary>Finds what product assemblies name of the packages' assemblies.</summary>
/// <param name="packages">The packages' assemblies by name.</param>
/// <param name="products">The product's assemblies by name.</param>
internal sealed class UsedMembers(IReadOnlyDictionary<string, AssemblyFile> packages, IReadOnlyDictionary<string, AssemblyFile> products)
{
    private readonly Dictionary<string, PackageAssembly> _packages = packages.ToDictionary(package => package.Key, package => new PackageAssembly(package.Value));

    /// <summary>Lists one product assembly's uses.</summary>
    /// <param name="product">The product assembly.</param>
    /// <returns>Assembly names and the lines of what is used of them; lines may come again.</returns>
    public IEnumerable<(string Assembly, string Line)> In(AssemblyFile product)
    {
        MetadataReader reader = product.Reader;
        return [.. Types(reader), .. Members(reader), .. AttributeProperties(reader), .. Overrides(product), .. Implementations(reader)];
    }

    private IEnumerable<(string Assembly, string Line)> Types(MetadataReader reader)
    {
        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            if (PackageOf(reader, handle) is { } package)
            {
                foreach (string line in _packages[package].Type(MetadataNames.Of(reader, handle)))
                {
                    yield return (package, line);
                }
            }
        }
    }

    private IEnumerable<(string Assembly, string Line)> Members(MetadataReader reader)
    {
        foreach (MemberReference member in reader.MemberReferences.Select(reader.GetMemberReference))
        {
            if (TypeReferenceOf(reader, member.Parent) is { } type && PackageOf(reader, type) is { } package)
            {
                string signature = member.GetKind() == MemberReferenceKind.Method
                    ? SignatureKey.Of(member.DecodeMethodSignature(SignatureNames.Instance, GenericNames.None))
                    : member.DecodeFieldSignature(SignatureNames.Instance, GenericNames.None);
                yield return (package, _packages[package].Member(MetadataNames.Of(reader, type), reader.GetString(member.Name), candidate => candidate == signature));
            }
        }
    }

    /// <summary>Properties that attributes set by name: these stand in no table of references.</summary>
    private IEnumerable<(string Assembly, string Line)> AttributeProperties(MetadataReader reader)
    {
        foreach (CustomAttribute attribute in reader.CustomAttributes.Select(reader.GetCustomAttribute))
        {
            if (attribute.Constructor.Kind == HandleKind.MemberReference
                && TypeReferenceOf(reader, reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent) is { } type
                && PackageOf(reader, type) is { } package)
            {
                foreach (CustomAttributeNamedArgument<string> argument in attribute.DecodeValue(SignatureNames.Instance).NamedArguments)
                {
                    yield return (package, _packages[package].Property(MetadataNames.Of(reader, type), argument.Name!));
                }
            }
        }
    }

    /// <summary>Methods that product types override: these too stand in no table of references.</summary>
    private IEnumerable<(string Assembly, string Line)> Overrides(AssemblyFile product)
    {
        MetadataReader reader = product.Reader;
        foreach (TypeDefinition type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
        {
            if (PackageBase(product, type.BaseType, GenericNames.None) is not { } ancestor)
            {
                continue;
            }

            foreach (MethodDefinition method in type.GetMethods().Select(reader.GetMethodDefinition))
            {
                if (method.Attributes.HasFlag(MethodAttributes.Virtual) && !method.Attributes.HasFlag(MethodAttributes.NewSlot)
                    && _packages[ancestor.Assembly].Overridden(ancestor.Type, ancestor.Arguments, reader.GetString(method.Name), SignatureKey.Of(method.DecodeSignature(SignatureNames.Instance, GenericNames.None))) is { } line)
                {
                    yield return (ancestor.Assembly, line);
                }
            }
        }
    }

    private IEnumerable<(string Assembly, string Line)> Implementations(MetadataReader reader)
    {
        foreach (TypeDefinition type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
        {
            foreach (EntityHandle contract in type.GetInterfaceImplementations().Select(handle => reader.GetInterfaceImplementation(handle).Interface))
            {
                if (TypeReferenceOf(reader, contract) is { } reference && PackageOf(reader, reference) is { } package)
                {
                    foreach (string line in _packages[package].Abstract(MetadataNames.Of(reader, reference)))
                    {
                        yield return (package, line);
                    }
                }
            }
        }
    }

    /// <summary>The nearest type of a package that a product type derives from, through product types of any assembly.</summary>
    private (string Assembly, string Type, IReadOnlyList<string> Arguments)? PackageBase(AssemblyFile product, EntityHandle type, GenericNames names)
    {
        MetadataReader reader = product.Reader;
        if (type.IsNil)
        {
            return null;
        }

        IReadOnlyList<string> arguments = [];
        if (type.Kind == HandleKind.TypeSpecification)
        {
            arguments = TypeSpecifications.Arguments(reader, (TypeSpecificationHandle)type, names);
            type = TypeSpecifications.Root(reader, (TypeSpecificationHandle)type);
        }

        if (type.Kind == HandleKind.TypeDefinition)
        {
            return PackageBase(product, reader.GetTypeDefinition((TypeDefinitionHandle)type).BaseType, new GenericNames(arguments, []));
        }

        string name = MetadataNames.Of(reader, (TypeReferenceHandle)type);
        string? assembly = MetadataNames.AssemblyOf(reader, (TypeReferenceHandle)type);
        if (assembly is not null && packages.ContainsKey(assembly))
        {
            return (assembly, name, arguments);
        }

        return assembly is not null && products.TryGetValue(assembly, out AssemblyFile? other)
            ? PackageBase(other, other.Reader.GetTypeDefinition(other.Types[name]).BaseType, new GenericNames(arguments, []))
            : null;
    }

    private string? PackageOf(MetadataReader reader, TypeReferenceHandle type) =>
        MetadataNames.AssemblyOf(reader, type) is { } assembly && packages.ContainsKey(assembly) ? assembly : null;

    private static TypeReferenceHandle? TypeReferenceOf(MetadataReader reader, EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeReference => (TypeReferenceHandle)type,
        HandleKind.TypeSpecification when TypeSpecifications.Root(reader, (TypeSpecificationHandle)type) is { IsNil: false, Kind: HandleKind.TypeReference } root => (TypeReferenceHandle)root,
        _ => null,
    };
}
