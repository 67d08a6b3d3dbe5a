using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.Storage;

namespace CloudPipe.Datasets;

/// <summary>Finds data sets by name.</summary>
/// <param name="store">Where the data sets' container is.</param>
public sealed class DatasetStore(IBlobStore store)
{
    /// <summary>Reads a data set's description.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="InvalidDataException">There is none, or its description is faulty.</exception>
    public async Task<Dataset> ReadAsync(string name, CancellationToken cancellationToken = default)
    {
        Dataset? dataset = await FindAsync(name, cancellationToken).ConfigureAwait(false);
        if (dataset is not null)
        {
            return dataset;
        }

        string[] known = [.. await ListAsync(cancellationToken).ConfigureAwait(false)];
        throw new InvalidDataException($"There is no data set '{name}': {(known.Length > 0 ? $"these are there: {string.Join(", ", known)}" : "there is none in this bucket")}. 'cloudpipe dataset import' makes one.");
    }

    /// <summary>Looks a data set up.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The data set, or <see langword="null"/> when there is none of that name.</returns>
    /// <exception cref="InvalidDataException">The name cannot be one, or the description is faulty.</exception>
    public async Task<Dataset?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!ReleaseValidator.IsName(name))
        {
            throw new InvalidDataException($"'{name}' cannot name a data set: 1 to 64 characters of a-z, 0-9, hyphen and dot.");
        }

        try
        {
            return await store.ReadJsonAsync<Dataset>(Dataset.PathOf(name), cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{Dataset.PathOf(name)} is not the JSON of a data set: {exception.Message} Delete it and import again.", exception);
        }
    }

    private async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (BlobProperties blob in store.ListAllAsync(BlobContainers.Datasets, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (blob.Path.Name.Split('/') is [string name, "dataset.json"])
            {
                names.Add(name);
            }
        }

        return names;
    }
}
