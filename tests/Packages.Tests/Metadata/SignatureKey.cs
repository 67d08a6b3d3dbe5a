using System.Reflection.Metadata;

namespace CloudPipe.Packages.Tests.Metadata;

/// <summary>What tells overloads apart, as text.</summary>
internal static class SignatureKey
{
    public static string Of(MethodSignature<string> signature) =>
        $"{(signature.Header.IsInstance ? "instance" : "static")} {signature.GenericParameterCount} ({string.Join(", ", signature.ParameterTypes)}) {signature.ReturnType}";
}
