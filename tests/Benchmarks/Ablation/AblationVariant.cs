using CloudPipe.Runs;

namespace CloudPipe.Benchmarks.Ablation;

/// <summary>One way to train: what is compared.</summary>
/// <param name="Name">Its name, part of file names.</param>
/// <param name="Cut">Which cut of the clips it learns from; see <see cref="AblationData"/>.</param>
/// <param name="Recipe">Its recipe.</param>
/// <param name="Folds">How many of the folds are trained: all for an ensemble, else the first.</param>
internal sealed record AblationVariant(string Name, string Cut, TrainingRecipe Recipe, int Folds = 1);
