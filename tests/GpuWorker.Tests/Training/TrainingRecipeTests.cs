using CloudPipe.Runs;
using CloudPipe.GpuWorker.Training;

namespace CloudPipe.GpuWorker.Tests.Training;

public sealed class TrainingRecipeTests
{
    [Fact]
    public void The_defaults_are_sound() => new TrainingRecipe().Validate();

    public static TheoryData<TrainingRecipe, string> Faults() => new()
    {
        { new TrainingRecipe { Epochs = 0 }, "epochs" },
        { new TrainingRecipe { BatchSize = -1 }, "batchSize" },
        { new TrainingRecipe { MaxLearningRate = double.NaN }, "maxLearningRate" },
        { new TrainingRecipe { WarmUpFraction = 1 }, "warmUpFraction" },
        { new TrainingRecipe { EmaDecay = 1 }, "emaDecay" },
        { new TrainingRecipe { StandardDeviation = [1, 1] }, "standardDeviation" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_faulty_value_is_named(TrainingRecipe recipe, string name) =>
        Assert.Contains(name, Assert.Throws<TrainingException>(recipe.Validate).Message, StringComparison.Ordinal);
}
