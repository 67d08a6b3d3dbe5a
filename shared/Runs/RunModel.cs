namespace CloudPipe.Runs;

/// <summary>One network of a training run, trained once for every fold.</summary>
/// <param name="Architecture">By its catalog name; each at most once in a run.</param>
/// <param name="TileSize">Width and height of its tiles in pixels; <see langword="null"/> for the data set's.</param>
/// <param name="InitialWeights">A weights file in the container <c>training</c> that every fold starts from; <see langword="null"/> draws all weights.</param>
/// <param name="Recipe">How it is trained, in place of the run's recipe: what it leaves out has the default, not the run's value.</param>
public sealed record RunModel(string Architecture, int? TileSize = null, string? InitialWeights = null, TrainingRecipe? Recipe = null);
