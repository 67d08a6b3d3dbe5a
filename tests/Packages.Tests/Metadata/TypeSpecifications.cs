using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace CloudPipe.Packages.Tests.Metadata;

/// <summary>Takes constructed types apart.</summary>
internal static class TypeSpecifications
{
    /// <summary>The generic type of a constructed one, or nothing for an array, a pointer or a type parameter.</summary>
    public static EntityHandle Root(MetadataReader reader, TypeSpecificationHandle handle)
    {
        BlobReader signature = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return default;
        }

        // Class or value type.
        signature.ReadCompressedInteger();
        return signature.ReadTypeHandle();
    }

    /// <summary>The type arguments of a constructed type.</summary>
    public static ImmutableArray<string> Arguments(MetadataReader reader, TypeSpecificationHandle handle, GenericNames names)
    {
        BlobReader signature = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return [];
        }

        signature.ReadCompressedInteger();
        signature.ReadTypeHandle();
        var decoder = new System.Reflection.Metadata.Ecma335.SignatureDecoder<string, GenericNames>(SignatureNames.Instance, reader, names);
        ImmutableArray<string>.Builder arguments = ImmutableArray.CreateBuilder<string>(signature.ReadCompressedInteger());
        for (int index = 0; index < arguments.Capacity; index++)
        {
            arguments.Add(decoder.DecodeType(ref signature));
        }

        return arguments.ToImmutable();
    }
}
