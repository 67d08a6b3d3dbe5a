namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>Finds the tensors in what a training program saved.</summary>
internal static class StateDictionary
{
    private const int MostLevels = 4;

    private const int MostNamed = 6;

    // What timm, PyTorch's and torchvision's scripts, PySlowFast and Lightning name them; timm/models/_helpers.py.
    private static readonly string[] Plain = ["state_dict", "model", "model_state", "model_state_dict", "module"];

    private static readonly string[] Averaged = ["state_dict_ema", "model_ema", "ema_state_dict"];

    // Wrappers that train a network put it below their own name: (Distributed)DataParallel, torch.compile.
    private static readonly string[] WrapperPrefixes = ["module.", "_orig_mod."];

    /// <summary>Descends to the dictionary that holds tensors.</summary>
    /// <returns>It, and the names on the way; none when it is the root.</returns>
    /// <exception cref="FormatException">There is none.</exception>
    public static (PickleDictionary Tensors, IReadOnlyList<string> Names) Find(object? root, bool preferEma)
    {
        var names = new List<string>();
        object? current = root;
        while (names.Count <= MostLevels && current is PickleDictionary dictionary)
        {
            string[] order = preferEma ? [.. Averaged, .. Plain] : [.. Plain, .. Averaged];
            if (order.FirstOrDefault(name => dictionary.Items.TryGetValue(name, out object? value) && value is PickleDictionary) is not { } next)
                return dictionary.Items.Values.Any(value => value is PickledTensor) ? (dictionary, names) : throw NoTensors(dictionary);

            names.Add(next);
            current = dictionary.Items[next];
        }

        throw new FormatException(current is PickleDictionary ? $"its dictionaries are nested more than {MostLevels} deep" : "it holds no dictionary of tensors");
    }

    /// <summary>A key without the names of wrappers around the network.</summary>
    public static string WithoutWrapper(string key)
    {
        while (WrapperPrefixes.FirstOrDefault(prefix => key.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix)
            key = key[prefix.Length..];

        return key;
    }

    private static FormatException NoTensors(PickleDictionary dictionary) => new(
        $"it holds no dictionary of tensors; looked for under {string.Join(", ", Plain.Concat(Averaged))}, found {(dictionary.Items.Count == 0 ? "nothing" : string.Join(", ", dictionary.Items.Keys.Take(MostNamed).Select(key => $"'{(key.Length <= 60 ? key : key[..60])}'")))}");
}
