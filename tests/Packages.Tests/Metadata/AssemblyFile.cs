using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace CloudPipe.Packages.Tests.Metadata;

/// <summary>The metadata of a built assembly, read from its file without loading it.</summary>
internal sealed class AssemblyFile : IDisposable
{
    private readonly PEReader _file;

    public AssemblyFile(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        Reader = _file.GetMetadataReader();
        Name = Reader.GetString(Reader.GetAssemblyDefinition().Name);
        Types = Reader.TypeDefinitions.ToDictionary(handle => MetadataNames.Of(Reader, handle));
    }

    /// <summary>What the file says.</summary>
    public MetadataReader Reader { get; }

    /// <summary>The assembly's name.</summary>
    public string Name { get; }

    /// <summary>Every type of the assembly by its metadata name, such as <c>Space.Outer+Inner`1</c>.</summary>
    public IReadOnlyDictionary<string, TypeDefinitionHandle> Types { get; }

    public void Dispose() => _file.Dispose();
}
