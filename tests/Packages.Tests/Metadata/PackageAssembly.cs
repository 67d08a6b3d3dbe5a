using System.Reflection;
using System.Reflection.Metadata;

namespace CloudPipe.Packages.Tests.Metadata;

/// <summary>A package's assembly, in which uses are looked up.</summary>
/// <param name="assembly">The assembly that was built against.</param>
internal sealed class PackageAssembly(AssemblyFile assembly)
{
    private readonly MetadataReader _reader = assembly.Reader;
    private readonly DeclarationWriter _writer = new(assembly);

    /// <summary>The line of a type, and those of its members when it is an enumeration.</summary>
    public IEnumerable<string> Type(string name) => [_writer.Type(Find(name)), .. _writer.EnumMembers(Find(name))];

    /// <summary>The line of a member.</summary>
    /// <param name="type">The metadata name of the type that the use names.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="isSame">Whether a signature of this assembly is that of the use; methods and fields have different ones.</param>
    public string Member(string type, string name, Func<string, bool> isSame)
    {
        // The compiler may name a type that inherits the member.
        for (TypeDefinitionHandle? handle = Find(type); handle is { } current; handle = Base(current))
        {
            TypeDefinition definition = _reader.GetTypeDefinition(current);
            foreach (MethodDefinitionHandle method in definition.GetMethods().Where(method => _reader.GetString(_reader.GetMethodDefinition(method).Name) == name))
            {
                if (isSame(SignatureKey.Of(_reader.GetMethodDefinition(method).DecodeSignature(SignatureNames.Instance, GenericNames.None))))
                {
                    return _writer.Method(method);
                }
            }

            foreach (FieldDefinitionHandle field in definition.GetFields().Where(field => _reader.GetString(_reader.GetFieldDefinition(field).Name) == name))
            {
                if (isSame(_reader.GetFieldDefinition(field).DecodeSignature(SignatureNames.Instance, GenericNames.None)))
                {
                    return _writer.Field(field);
                }
            }
        }

        throw new InvalidOperationException($"{assembly.Name} has no member {name} of {type} with that signature: build the solution again.");
    }

    /// <summary>The line of an attribute's property that a use sets by name.</summary>
    public string Property(string type, string name)
    {
        for (TypeDefinitionHandle? handle = Find(type); handle is { } current; handle = Base(current))
        {
            foreach (PropertyDefinition property in _reader.GetTypeDefinition(current).GetProperties().Select(_reader.GetPropertyDefinition))
            {
                if (_reader.GetString(property.Name) == name)
                {
                    return _writer.Method(property.GetAccessors().Setter);
                }
            }
        }

        throw new InvalidOperationException($"{assembly.Name} has no property {name} of {type}: build the solution again.");
    }

    /// <summary>The lines of what a type that implements an interface of the package must have.</summary>
    public IEnumerable<string> Abstract(string type) =>
        _reader.GetTypeDefinition(Find(type)).GetMethods()
            .Where(method => _reader.GetMethodDefinition(method).Attributes.HasFlag(MethodAttributes.Abstract))
            .Select(method => _writer.Method(method, overridden: true));

    /// <summary>The line of the method that a method of a derived type overrides.</summary>
    /// <param name="type">The metadata name of the base type.</param>
    /// <param name="arguments">What stands for the base type's parameters.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="signature">The overriding method's signature, with its own type parameters by position.</param>
    /// <returns>The line, or <see langword="null"/> when it is no method of the package that is overridden.</returns>
    public string? Overridden(string type, IReadOnlyList<string> arguments, string name, string signature)
    {
        TypeDefinitionHandle? handle = Find(type);
        while (handle is { } current)
        {
            TypeDefinition definition = _reader.GetTypeDefinition(current);
            var names = new GenericNames(arguments, []);
            foreach (MethodDefinitionHandle method in definition.GetMethods())
            {
                MethodDefinition candidate = _reader.GetMethodDefinition(method);
                if (candidate.Attributes.HasFlag(MethodAttributes.Virtual)
                    && _reader.GetString(candidate.Name) == name
                    && SignatureKey.Of(candidate.DecodeSignature(SignatureNames.Instance, names)) == signature)
                {
                    return _writer.Method(method, overridden: true);
                }
            }

            arguments = definition.BaseType.Kind == HandleKind.TypeSpecification ? TypeSpecifications.Arguments(_reader, (TypeSpecificationHandle)definition.BaseType, names) : [];
            handle = Base(current);
        }

        return null;
    }

    private TypeDefinitionHandle Find(string name) => assembly.Types.TryGetValue(name, out TypeDefinitionHandle handle)
        ? handle
        : throw new InvalidOperationException($"{assembly.Name} has no type {name}: build the solution again.");

    private TypeDefinitionHandle? Base(TypeDefinitionHandle handle) => _reader.GetTypeDefinition(handle).BaseType switch
    {
        { IsNil: true } => null,
        { Kind: HandleKind.TypeDefinition } definition => (TypeDefinitionHandle)definition,
        { Kind: HandleKind.TypeSpecification } specification when TypeSpecifications.Root(_reader, (TypeSpecificationHandle)specification) is { Kind: HandleKind.TypeDefinition } root => (TypeDefinitionHandle)root,
        _ => null,
    };
}
