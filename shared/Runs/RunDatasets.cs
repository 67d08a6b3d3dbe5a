using CloudPipe.Datasets;

namespace CloudPipe.Runs;

/// <summary>The data sets of training runs.</summary>
public static class RunDatasets
{
    /// <summary>Reads a data set that a run was planned for.</summary>
    /// <param name="datasets">Finds data sets.</param>
    /// <param name="name">Its name.</param>
    /// <param name="hash">The hash in the run's plan.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="InvalidDataException">There is none, or its description is faulty.</exception>
    /// <exception cref="TrainingException">It is not the one that was planned for.</exception>
    public static async Task<Dataset> ReadPlannedAsync(this DatasetStore datasets, string name, string hash, CancellationToken cancellationToken = default)
    {
        Dataset dataset = await datasets.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        return dataset.ComputeHash() == hash
            ? dataset
            : throw new TrainingException($"The data set '{name}' is not the one that the run was planned for: it was made anew meanwhile. Upload the training request again.");
    }
}
