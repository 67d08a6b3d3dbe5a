using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;

namespace CloudPipe.Packages.Tests.Metadata;

/// <summary>Writes a package's types and members as one line each, in the manner of PublicAPI.txt files.</summary>
/// <param name="assembly">The package's assembly.</param>
internal sealed class DeclarationWriter(AssemblyFile assembly)
{
    private readonly MetadataReader _reader = assembly.Reader;

    /// <summary>The type's full name and kind.</summary>
    public string Type(TypeDefinitionHandle handle) => $"{TypeName(handle)} : {Kind(_reader.GetTypeDefinition(handle))}";

    /// <summary>The members of an enumeration with their values, which the compiler copies into the callers.</summary>
    public IEnumerable<string> EnumMembers(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        if (Kind(type) != "enum")
        {
            yield break;
        }

        foreach (FieldDefinition field in type.GetFields().Select(_reader.GetFieldDefinition).Where(field => field.Attributes.HasFlag(FieldAttributes.Literal)))
        {
            yield return $"{TypeName(handle)}.{_reader.GetString(field.Name)} = {Constant(field.GetDefaultValue())}";
        }
    }

    /// <summary>A field with its type.</summary>
    public string Field(FieldDefinitionHandle handle)
    {
        FieldDefinition field = _reader.GetFieldDefinition(handle);
        string type = field.DecodeSignature(SignatureNames.Instance, new GenericNames(Parameters(_reader.GetTypeDefinition(field.GetDeclaringType()).GetGenericParameters()), []));
        string modifiers = Access(field.Attributes & FieldAttributes.FieldAccessMask) + (field.Attributes.HasFlag(FieldAttributes.Static) ? "static " : string.Empty);
        return $"{modifiers}{TypeName(field.GetDeclaringType())}.{_reader.GetString(field.Name)} -> {Named(type, field.GetCustomAttributes())}";
    }

    /// <summary>A method, constructor, accessor or operator with its parameters' names and defaults.</summary>
    /// <param name="handle">The method.</param>
    /// <param name="overridden">Whether product code overrides it, so that it must be open to that.</param>
    public string Method(MethodDefinitionHandle handle, bool overridden = false)
    {
        MethodDefinition method = _reader.GetMethodDefinition(handle);
        TypeDefinition type = _reader.GetTypeDefinition(method.GetDeclaringType());
        ImmutableArray<string> ownParameters = Parameters(method.GetGenericParameters());
        MethodSignature<string> signature = method.DecodeSignature(SignatureNames.Instance, new GenericNames(Parameters(type.GetGenericParameters()), ownParameters));
        ILookup<int, Parameter> declared = method.GetParameters().Select(_reader.GetParameter).ToLookup(parameter => parameter.SequenceNumber);

        string name = _reader.GetString(method.Name);
        IEnumerable<string> parameters = signature.ParameterTypes.Select((parameterType, index) => declared.Contains(index + 1) ? Written(declared[index + 1].Single(), parameterType) : parameterType);
        string returns = Named(signature.ReturnType, declared[0].SelectMany(self => self.GetCustomAttributes()));
        string typeName = TypeName(method.GetDeclaringType());
        string modifiers = Access(method.Attributes & MethodAttributes.MemberAccessMask)
            + (method.Attributes.HasFlag(MethodAttributes.Static) ? "static " : string.Empty)
            + (overridden ? Openness(method.Attributes) : string.Empty);

        if (name == ".ctor")
        {
            return $"{modifiers}{typeName}.{_reader.GetString(type.Name).Split('`')[0]}({string.Join(", ", parameters)}) -> void";
        }

        if (method.Attributes.HasFlag(MethodAttributes.SpecialName) && name.Split('_', 2) is [("get" or "set" or "add" or "remove") and var accessor, var property])
        {
            string[] all = [.. parameters];
            string[] indices = accessor is "get" ? all : all[..^1];
            string valueType = accessor is "get" ? returns : all[^1][..all[^1].LastIndexOf(' ')];
            bool initOnly = signature.ReturnType.Contains(SignatureNames.InitOnly, StringComparison.Ordinal);
            return $"{modifiers}{typeName}.{(indices.Length == 0 ? property : $"this[{string.Join(", ", indices)}]")}.{(initOnly ? "init" : accessor)} -> {valueType}";
        }

        string generics = ownParameters.Length == 0 ? string.Empty : $"<{string.Join(", ", ownParameters)}>";
        return $"{modifiers}{typeName}.{name}{generics}({string.Join(", ", parameters)}) -> {returns}";
    }

    private string Written(Parameter parameter, string type)
    {
        string kind = type.StartsWith("ref ", StringComparison.Ordinal)
            ? parameter.Attributes.HasFlag(ParameterAttributes.Out) ? "out " : Has(parameter.GetCustomAttributes(), "IsReadOnlyAttribute") ? "in " : "ref "
            : Has(parameter.GetCustomAttributes(), "ParamArrayAttribute") || Has(parameter.GetCustomAttributes(), "ParamCollectionAttribute") ? "params " : string.Empty;
        string bare = kind is "out " or "in " or "ref " ? type["ref ".Length..] : type;
        string otherwise = parameter.Attributes.HasFlag(ParameterAttributes.Optional)
            ? $" = {(parameter.GetDefaultValue() is { IsNil: false } value ? Constant(value) : "default")}"
            : string.Empty;
        return $"{kind}{Named(bare, parameter.GetCustomAttributes())} {_reader.GetString(parameter.Name)}{otherwise}";
    }

    private string Constant(ConstantHandle handle)
    {
        Constant constant = _reader.GetConstant(handle);
        object? value = _reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode);
        return value switch
        {
            // A null constant also stands for the default of a value type.
            null => "default",
            bool truth => truth ? "true" : "false",
            string text => $"\"{text}\"",
            char letter => $"'{letter}'",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    /// <summary>Gives the elements of tuples their names, and drops what only this class reads.</summary>
    private string Named(string type, IEnumerable<CustomAttributeHandle> attributes)
    {
        string plain = type.Replace(SignatureNames.InitOnly, string.Empty, StringComparison.Ordinal);
        if (!plain.Contains(SignatureNames.ElementName))
        {
            return plain;
        }

        string?[] names = [.. attributes.Select(_reader.GetCustomAttribute)
            .Where(attribute => AttributeName(attribute) == "TupleElementNamesAttribute")
            .SelectMany(attribute => (ImmutableArray<CustomAttributeTypedArgument<string>>)attribute.DecodeValue(SignatureNames.Instance).FixedArguments[0].Value!)
            .Select(argument => (string?)argument.Value)];
        string[] parts = plain.Split(SignatureNames.ElementName);
        return string.Concat(parts.Select((part, index) => index == parts.Length - 1 || names.ElementAtOrDefault(index) is not { } name ? part : $"{part} {name}"));
    }

    private bool Has(CustomAttributeHandleCollection attributes, string name) => attributes.Any(handle => AttributeName(_reader.GetCustomAttribute(handle)) == name);

    private string AttributeName(CustomAttribute attribute) => attribute.Constructor.Kind switch
    {
        HandleKind.MemberReference => _reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
            ? _reader.GetString(_reader.GetTypeReference((TypeReferenceHandle)parent).Name)
            : string.Empty,
        _ => _reader.GetString(_reader.GetTypeDefinition(_reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()).Name),
    };

    private ImmutableArray<string> Parameters(GenericParameterHandleCollection parameters) =>
        [.. parameters.Select(handle => _reader.GetString(_reader.GetGenericParameter(handle).Name))];

    private string TypeName(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        string name = SignatureNames.Instance.GetTypeFromDefinition(_reader, handle, 0);
        ImmutableArray<string> parameters = Parameters(type.GetGenericParameters());
        return parameters.Length == 0 ? name : $"{name}<{string.Join(", ", parameters)}>";
    }

    private string Kind(TypeDefinition type)
    {
        if (type.Attributes.HasFlag(TypeAttributes.Interface))
        {
            return "interface";
        }

        return type.BaseType.IsNil ? "class" : SignatureNames.Of(_reader, type.BaseType, GenericNames.None) switch
        {
            "System.Enum" => "enum",
            "System.ValueType" => "struct",
            "System.MulticastDelegate" => "delegate",
            _ => type.Attributes.HasFlag(TypeAttributes.Abstract | TypeAttributes.Sealed) ? "static class" : "class",
        };
    }

    private static string Openness(MethodAttributes attributes) =>
        attributes.HasFlag(MethodAttributes.Abstract) ? "abstract " : attributes.HasFlag(MethodAttributes.Final) ? "sealed " : "virtual ";

    private static string Access(MethodAttributes access) => access switch
    {
        MethodAttributes.Public => string.Empty,
        MethodAttributes.Family or MethodAttributes.FamORAssem => "protected ",
        _ => "internal ",
    };

    private static string Access(FieldAttributes access) => access switch
    {
        FieldAttributes.Public => string.Empty,
        FieldAttributes.Family or FieldAttributes.FamORAssem => "protected ",
        _ => "internal ",
    };
}
