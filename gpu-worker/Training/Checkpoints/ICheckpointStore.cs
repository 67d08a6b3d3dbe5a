namespace CloudPipe.GpuWorker.Training.Checkpoints;

/// <summary>
/// Where one fold's checkpoints are: a folder on this machine, or names under <c>runs/&lt;run&gt;/</c> in a blob store. Names sort
/// by age, the oldest first, by their characters' codes.
/// </summary>
public interface ICheckpointStore
{
    /// <summary>Every checkpoint's name, the oldest first.</summary>
    /// <returns>The names; empty where there is none.</returns>
    IReadOnlyList<string> List();

    /// <summary>Adds a checkpoint; it is there whole or not at all, whenever the process ends.</summary>
    /// <param name="name">Its name; one of that name is replaced.</param>
    /// <param name="writeFile">Writes it to the path that it is given.</param>
    void Write(string name, Action<string> writeFile);

    /// <summary>Reads a checkpoint.</summary>
    /// <typeparam name="T">Of what is read.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="readFile">Reads it from the path that it is given.</param>
    /// <returns>What <paramref name="readFile"/> gave.</returns>
    T Read<T>(string name, Func<string, T> readFile);

    /// <summary>Removes a checkpoint.</summary>
    /// <param name="name">Its name; nothing happens where there is none.</param>
    void Delete(string name);
}
