using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public class ParameterList : nn.Module, IList<Parameter>
{
    private readonly List<Parameter> _list = [];
    private bool _registered;

    public ParameterList(params Parameter[] parameters)
        : base(nameof(ParameterList)) => _list.AddRange(parameters ?? []);

    public int Count => _list.Count;

    public bool IsReadOnly => false;

    public Parameter this[int index]
    {
        get => _list[index];
        set => _list[index] = value;
    }

    public void Add(Parameter item) => _list.Add(item);

    public void append(params Parameter[] parameters) => _list.AddRange(parameters ?? []);

    public void extend(IEnumerable<Parameter> parameters) => _list.AddRange(parameters);

    public void Clear() => _list.Clear();

    public bool Contains(Parameter item) => _list.Contains(item);

    public void CopyTo(Parameter[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

    public int IndexOf(Parameter item) => _list.IndexOf(item);

    public void Insert(int index, Parameter item) => _list.Insert(index, item);

    public bool Remove(Parameter item) => _list.Remove(item);

    public void RemoveAt(int index) => _list.RemoveAt(index);

    public IEnumerator<Parameter> GetEnumerator() => _list.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    protected override void RegisterComponents()
    {
        if (_registered) return;
        for (var index = 0; index < _list.Count; index++) register_parameter(index.ToString(), _list[index]);
        _registered = true;
    }

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
        _list.Select((parameter, index) => (index.ToString(), parameter));

    public override bool has_parameter(string target) => get_parameter(target) is not null;

    public override Parameter? get_parameter(string target) =>
        int.TryParse(target, out var index) && index >= 0 && index < _list.Count ? _list[index] : null;

    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        for (var index = 0; index < _list.Count; index++)
        {
            if (!ReplaceParameter(dtype, device, _list[index], out var replacement)) continue;
            _list[index].Dispose();
            _list[index] = replacement!;
        }

        if (device is null) return;
        _deviceType = device.type;
        _deviceIndex = device.index;
    }
}
