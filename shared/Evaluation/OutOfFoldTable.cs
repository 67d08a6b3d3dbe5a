namespace CloudPipe.Evaluation;

/// <summary>A run's predictions as one table per architecture: every sample's row comes from the network that did not train on it.</summary>
internal sealed class OutOfFoldTable
{
    private OutOfFoldTable(string[] architectures, int[] foldOfSample, double[][][] probabilities)
    {
        Architectures = architectures;
        FoldOfSample = foldOfSample;
        Probabilities = probabilities;
        SamplesOfFold = [.. Enumerable.Range(0, foldOfSample.Max() + 1).Select(fold => Indices(other => other == fold))];
        SamplesOfOthers = [.. Enumerable.Range(0, SamplesOfFold.Length).Select(fold => Indices(other => other != fold))];
    }

    /// <summary>In the order in which the run names them.</summary>
    public string[] Architectures { get; }

    /// <summary>Per sample its fold.</summary>
    public int[] FoldOfSample { get; }

    /// <summary>Per fold its samples, ascending.</summary>
    public int[][] SamplesOfFold { get; }

    /// <summary>Per fold the samples of all others, ascending.</summary>
    public int[][] SamplesOfOthers { get; }

    /// <summary>[architecture][sample][class]</summary>
    public double[][][] Probabilities { get; }

    /// <summary>Puts the table together.</summary>
    /// <param name="run">The run.</param>
    /// <returns>The table.</returns>
    /// <exception cref="InvalidDataException">A row is missing, twice there, or faulty; the message says which.</exception>
    public static OutOfFoldTable Assemble(RunPredictions run)
    {
        CheckLabels("the run", run.SampleNames, run.Labels, run.Taxonomy.Count);
        string[] architectures = [.. run.HeldOut.Select(entry => entry.Architecture).Distinct(StringComparer.Ordinal)];
        if (architectures.Length == 0 || run.SampleNames.Count == 0)
            throw new InvalidDataException("There is nothing to evaluate: the run has no predictions or no samples.");

        int[]? foldOfSample = null;
        double[][][] probabilities = [.. architectures.Select(architecture =>
        {
            (double[][] rows, int[] folds) = Merge(run, architecture);
            foldOfSample ??= folds;
            int differing = Enumerable.Range(0, folds.Length).FirstOrDefault(sample => folds[sample] != foldOfSample[sample], -1);
            if (differing >= 0)
                throw new InvalidDataException($"The sample '{run.SampleNames[differing]}' is in fold {folds[differing]} of {architecture} and in fold {foldOfSample[differing]} of {architectures[0]}. All architectures of a run share their folds.");

            return rows;
        })];

        var table = new OutOfFoldTable(architectures, foldOfSample!, probabilities);
        int empty = Array.FindIndex(table.SamplesOfFold, samples => samples.Length == 0);
        if (empty >= 0 || table.SamplesOfFold.Length < 2)
            throw new InvalidDataException(empty >= 0 ? $"Fold {empty} has no samples." : "The run has one fold; what is chosen on some folds and judged on another takes two or more.");

        return table;
    }

    /// <summary>Checks a row of probabilities.</summary>
    /// <exception cref="InvalidDataException">It has the wrong length or a value outside 0..1.</exception>
    public static void CheckRow(IReadOnlyList<double> row, int classCount, string architecture, int fold, string sample)
    {
        if (row.Count != classCount || !row.All(value => value is >= 0 and <= 1))
            throw new InvalidDataException($"{architecture}, fold {fold}: the row of sample '{sample}' is not {classCount} probabilities of 0..1.");
    }

    /// <summary>Checks that samples and labels fit.</summary>
    /// <exception cref="InvalidDataException">They do not.</exception>
    public static void CheckLabels(string whose, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<int>> labels, int classCount)
    {
        if (names.Count != labels.Count)
            throw new InvalidDataException($"Of {whose} there are {names.Count} samples and {labels.Count} rows of labels.");

        for (int i = 0; i < names.Count; i++)
        {
            if (labels[i].Any(label => label < 0 || label >= classCount))
                throw new InvalidDataException($"The sample '{names[i]}' of {whose} has the label {labels[i].First(label => label < 0 || label >= classCount)}; the classes are 0 to {classCount - 1}.");
        }
    }

    private static (double[][] Rows, int[] Folds) Merge(RunPredictions run, string architecture)
    {
        double[][] rows = new double[run.SampleNames.Count][];
        int[] folds = new int[rows.Length];
        foreach (HeldOutPredictions entry in run.HeldOut.Where(entry => entry.Architecture == architecture))
        {
            if (entry.Fold < 0 || entry.Fold >= rows.Length)
                throw new InvalidDataException($"{architecture} has the fold {entry.Fold}; folds count from 0, and no fold is empty.");
            if (entry.Samples.Count != entry.Probabilities.Count)
                throw new InvalidDataException($"{architecture}, fold {entry.Fold}: there are {entry.Samples.Count} samples and {entry.Probabilities.Count} rows.");

            for (int i = 0; i < entry.Samples.Count; i++)
            {
                int sample = entry.Samples[i];
                if (sample < 0 || sample >= rows.Length)
                    throw new InvalidDataException($"{architecture}, fold {entry.Fold} names sample {sample}; the run has {rows.Length}.");
                if (rows[sample] is not null)
                    throw new InvalidDataException($"{architecture} has the sample '{run.SampleNames[sample]}' in fold {folds[sample]} and again in fold {entry.Fold}.");

                CheckRow(entry.Probabilities[i], run.Taxonomy.Count, architecture, entry.Fold, run.SampleNames[sample]);
                rows[sample] = [.. entry.Probabilities[i]];
                folds[sample] = entry.Fold;
            }
        }

        int missing = Array.FindIndex(rows, row => row is null);
        return missing < 0
            ? (rows, folds)
            : throw new InvalidDataException($"{architecture} lacks the sample '{run.SampleNames[missing]}': every sample is held out by one fold.");
    }

    private int[] Indices(Func<int, bool> isWanted) => [.. Enumerable.Range(0, FoldOfSample.Length).Where(sample => isWanted(FoldOfSample[sample]))];
}
