namespace CloudPipe.Evaluation;

/// <summary>
/// Which classes are taken for which others. A sample has several classes, so there is no single wrong answer: each class that
/// is missed counts once against each class that is wrongly said of the same sample.
/// </summary>
/// <param name="Counts">Row: the class that is there. Column: the class that is wrongly said while the row's is missed; on the diagonal, how often the class is found.</param>
/// <param name="Silent">Per class how often it is missed while nothing is wrongly said.</param>
public sealed record CoErrors(IReadOnlyList<IReadOnlyList<int>> Counts, IReadOnlyList<int> Silent)
{
    /// <summary>Counts.</summary>
    /// <param name="labels">Per sample the classes that are there.</param>
    /// <param name="said">Per sample the classes that are said.</param>
    /// <param name="classCount">How many classes.</param>
    /// <returns>The counts.</returns>
    public static CoErrors Compute(IReadOnlyList<IReadOnlyList<int>> labels, IReadOnlyList<IReadOnlyList<int>> said, int classCount)
    {
        int[][] counts = [.. Enumerable.Range(0, classCount).Select(_ => new int[classCount])];
        int[] silent = new int[classCount];
        for (int sample = 0; sample < labels.Count; sample++)
        {
            int[] wrong = [.. said[sample].Except(labels[sample])];
            foreach (int label in labels[sample].Distinct())
            {
                if (said[sample].Contains(label))
                {
                    counts[label][label]++;
                    continue;
                }

                silent[label] += wrong.Length == 0 ? 1 : 0;
                foreach (int other in wrong)
                    counts[label][other]++;
            }
        }

        return new CoErrors(counts, silent);
    }

    /// <summary>The class that is wrongly said most often where another is missed; among equals the first.</summary>
    /// <param name="index">The class that is missed.</param>
    /// <returns>The class, or <see langword="null"/> where none is said.</returns>
    public int? MostConfusedWith(int index)
    {
        int[] others = [.. Enumerable.Range(0, Counts.Count).Where(other => other != index && Counts[index][other] > 0)];
        return others.Length == 0 ? null : others.MaxBy(other => Counts[index][other]);
    }
}
