using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace CloudPipe.Packages.Tests.Metadata;

/// <summary>Types in signatures as C# writes them, with the full name of everything that is no keyword.</summary>
/// <remarks>The context is the names or arguments of the type's and of the method's parameters; without them they count: <c>!0</c>, <c>!!0</c>.</remarks>
internal sealed class SignatureNames : ISignatureTypeProvider<string, GenericNames>, ICustomAttributeTypeProvider<string>
{
    /// <summary>Stands before an element of a tuple, to be replaced with its name.</summary>
    public const char ElementName = '\u00a7';

    /// <summary>Marks what returns from a setter that only initializers call.</summary>
    public const string InitOnly = "\u00a4";

    public static readonly SignatureNames Instance = new();

    public static string Of(MetadataReader reader, EntityHandle type, GenericNames names) => type.Kind switch
    {
        HandleKind.TypeDefinition => Instance.GetTypeFromDefinition(reader, (TypeDefinitionHandle)type, 0),
        HandleKind.TypeReference => Instance.GetTypeFromReference(reader, (TypeReferenceHandle)type, 0),
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)type).DecodeSignature(Instance, names),
        _ => throw new BadImageFormatException($"{type.Kind} is no type"),
    };

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode switch
    {
        PrimitiveTypeCode.Boolean => "bool",
        PrimitiveTypeCode.Byte => "byte",
        PrimitiveTypeCode.SByte => "sbyte",
        PrimitiveTypeCode.Char => "char",
        PrimitiveTypeCode.Int16 => "short",
        PrimitiveTypeCode.UInt16 => "ushort",
        PrimitiveTypeCode.Int32 => "int",
        PrimitiveTypeCode.UInt32 => "uint",
        PrimitiveTypeCode.Int64 => "long",
        PrimitiveTypeCode.UInt64 => "ulong",
        PrimitiveTypeCode.Single => "float",
        PrimitiveTypeCode.Double => "double",
        PrimitiveTypeCode.IntPtr => "nint",
        PrimitiveTypeCode.UIntPtr => "nuint",
        PrimitiveTypeCode.Object => "object",
        PrimitiveTypeCode.String => "string",
        PrimitiveTypeCode.Void => "void",
        _ => typeCode.ToString(),
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Written(MetadataNames.Of(reader, handle));

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Written(MetadataNames.Of(reader, handle));

    public string GetTypeFromSpecification(MetadataReader reader, GenericNames genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType switch
    {
        "System.Nullable" => $"{typeArguments[0]}?",
        "System.ValueTuple" when typeArguments.Length > 1 => $"({string.Join(", ", typeArguments.Select(argument => $"{argument}{ElementName}"))})",
        _ => $"{genericType}<{string.Join(", ", typeArguments)}>",
    };

    public string GetGenericTypeParameter(GenericNames genericContext, int index) =>
        index < genericContext.OfType.Count ? genericContext.OfType[index] : $"!{index}";

    public string GetGenericMethodParameter(GenericNames genericContext, int index) =>
        index < genericContext.OfMethod.Count ? genericContext.OfMethod[index] : $"!!{index}";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetByReferenceType(string elementType) => $"ref {elementType}";

    public string GetPointerType(string elementType) => $"{elementType}*";

    public string GetFunctionPointerType(MethodSignature<string> signature) => $"delegate*<{string.Join(", ", signature.ParameterTypes.Append(signature.ReturnType))}>";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) =>
        modifier == "System.Runtime.CompilerServices.IsExternalInit" ? unmodifiedType + InitOnly : unmodifiedType;

    public string GetSystemType() => "System.Type";

    public string GetTypeFromSerializedName(string name) => name;

    public bool IsSystemType(string type) => type == "System.Type";

    // Every enumeration among the packages' attribute properties counts in int.
    public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

    /// <summary>Nesting as C# writes it, without the number of type parameters, which stand behind the name.</summary>
    private static string Written(string metadataName) =>
        string.Join('.', metadataName.Split('+').Select(part => part.IndexOf('`') is var tick and >= 0 ? part[..tick] : part));
}
