using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Feeds each module with the result of the one before it, and disposes that result when it has been used.</summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<(string name, nn.IModule<Tensor, Tensor> module)> _entries = [];

    protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules)
        : base(nameof(Sequential))
    {
        foreach (var (name, submodule) in modules) Add(name, submodule);
    }

    protected Sequential(params nn.Module<Tensor, Tensor>[] modules)
        : base(nameof(Sequential))
    {
        foreach (var module in modules) Add(module);
    }

    internal Sequential()
        : base(nameof(Sequential))
    {
    }

    public int Count => _entries.Count;

    [IndexerName("SequentialItems")]
    public nn.IModule<Tensor, Tensor> this[int index] => _entries[index].module;

    [IndexerName("SequentialItems")]
    public Sequential this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    [IndexerName("SequentialItems")]
    public Sequential this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        Add(name, module);
        return this;
    }

    public Sequential append(nn.IModule<Tensor, Tensor> module)
    {
        Add(module);
        return this;
    }

    internal void Add(string name, nn.IModule<Tensor, Tensor> module) => _entries.Add((name, module));

    internal void Add(nn.IModule<Tensor, Tensor> module) => Add(Count.ToString(), module);

    public override Tensor forward(Tensor tensor)
    {
        // A fresh handle, so that the caller may dispose the result and keep its input.
        if (_entries.Count == 0) return tensor.alias();

        var current = _entries[0].module.call(tensor);
        for (var index = 1; index < _entries.Count; index++)
        {
            var next = _entries[index].module.call(current);
            current.Dispose();
            current = next;
        }

        return current;
    }

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        if (!recurse) yield break;
        var seen = new HashSet<IntPtr> { IntPtr.Zero };
        foreach (var (childName, child) in named_children())
        {
            foreach (var (name, parameter) in child.named_parameters(true))
            {
                if (seen.Add(parameter.Handle)) yield return ($"{childName}.{name}", parameter);
            }
        }
    }

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true)
    {
        if (!recurse) yield break;
        var seen = new HashSet<IntPtr> { IntPtr.Zero };
        foreach (var (childName, child) in named_children())
        {
            foreach (var (name, buffer) in child.named_buffers(true, include_persistent))
            {
                if (seen.Add(buffer.Handle)) yield return ($"{childName}.{name}", buffer);
            }
        }
    }

    public override IEnumerable<(string name, nn.Module module)> named_children() =>
        _entries.Select(entry => (entry.name, (nn.Module)entry.module));

    public override IEnumerable<(string name, nn.Module module)> named_modules()
    {
        foreach (var child in named_children()) yield return child;
        foreach (var (childName, child) in named_children())
        {
            foreach (var (name, module) in child.named_modules()) yield return ($"{childName}.{name}", module);
        }
    }

    public override nn.Module apply(Action<nn.Module> fn)
    {
        foreach (var (_, child) in named_children()) child.apply(fn);
        fn(this);
        return this;
    }

    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        foreach (var (_, child) in named_children()) child._to(dtype, non_blocking);
        return this;
    }

    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        foreach (var (_, child) in named_children()) child._to(device, dtype, non_blocking);
        return this;
    }

    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        foreach (var (_, child) in named_children()) child._to(deviceType, deviceIndex, non_blocking);
        return this;
    }

    private Sequential Slice(int start, int end)
    {
        if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
        if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");
        var slice = new Sequential();
        for (var index = start; index < end; index++) slice.Add(_entries[index].name, _entries[index].module);
        return slice;
    }
}
