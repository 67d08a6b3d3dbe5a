using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that also keeps the order in which its keys were added.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)>
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _values = [];
    private readonly List<TKey> _order = [];

    public void clear() => Clear();

    public IEnumerator<(TKey, TValue)> items() => GetEnumerator();

    public IEnumerable<TKey> keys() => _order;

    public IEnumerable<TValue> values() => _order.Select(key => _values[key]);

    public (TKey, TValue) this[int index]
    {
        get => (_order[index], _values[_order[index]]);
        set
        {
            _values.Remove(_order[index]);
            _order[index] = value.Item1;
            _values[value.Item1] = value.Item2;
        }
    }

    public TValue this[TKey key]
    {
        get => _values[key];
        set
        {
            if (!_values.ContainsKey(key)) _order.Add(key);
            _values[key] = value;
        }
    }

    public bool IsReadOnly => false;

    public int Count => _order.Count;

    public ICollection<TKey> Keys => _order.ToList();

    public ICollection<TValue> Values => values().ToList();

    public void Add(TKey key, TValue value)
    {
        _values.Add(key, value);
        _order.Add(key);
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    internal bool TryAdd(TKey key, TValue value)
    {
        if (!_values.TryAdd(key, value)) return false;
        _order.Add(key);
        return true;
    }

    public void Insert(int index, (TKey, TValue) item)
    {
        _values.Add(item.Item1, item.Item2);
        _order.Insert(index, item.Item1);
    }

    public bool Contains((TKey, TValue) item) => IndexOf(item) >= 0;

    public bool Contains(KeyValuePair<TKey, TValue> item) => ContainsKey(item.Key);

    public bool ContainsKey(TKey key) => _values.ContainsKey(key);

    public int IndexOf((TKey, TValue) item) =>
        TryGetValue(item.Item1, out var value) && EqualityComparer<TValue>.Default.Equals(value, item.Item2)
            ? _order.IndexOf(item.Item1)
            : -1;

    public bool Remove(TKey key) => _values.Remove(key) && _order.Remove(key);

    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<TKey, TValue> item) => Remove(item.Key);

    public void RemoveAt(int index) => Remove(_order[index]);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    public void Clear()
    {
        _values.Clear();
        _order.Clear();
    }

    public void CopyTo((TKey, TValue)[] array, int arrayIndex)
    {
        foreach (var item in this) array[arrayIndex++] = item;
    }

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var (key, value) in this) array[arrayIndex++] = new(key, value);
    }

    public IEnumerator<(TKey, TValue)> GetEnumerator()
    {
        foreach (var key in _order) yield return (key, _values[key]);
    }

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator()
    {
        foreach (var key in _order) yield return new(key, _values[key]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
