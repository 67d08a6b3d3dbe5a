using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Training.Optimization;
using CloudPipe.Runs;

namespace CloudPipe.GpuWorker.Tests.Training;

public sealed class TrainingRecipeTests
{
    [Fact]
    public void The_defaults_are_sound() => new TrainingRecipe().Validate();

    [Fact]
    public void A_recipe_is_read_from_json_and_the_rest_are_defaults()
    {
        TrainingRecipe recipe = TrainingRecipe.Parse("""{"optimizer": "sgd", "gradientClipping": "adaptive", "precision": "bFloat16", "epochs": 7, "augmentation": "autoAugment", "colorJitter": {"hue": 0.1}, "frameChoice": "random"}"""u8);

        var expected = new TrainingRecipe { Optimizer = OptimizerKind.Sgd, GradientClipping = ClippingKind.Adaptive, Precision = TrainingPrecision.BFloat16, Epochs = 7, Augmentation = AugmentationKind.AutoAugment, ColorJitter = new(Hue: 0.1), FrameChoice = FrameChoice.Random };
        Assert.Equal(expected with { Mean = recipe.Mean, StandardDeviation = recipe.StandardDeviation }, recipe);
        Assert.Equal(expected.Mean, recipe.Mean);
    }

    [Theory]
    [InlineData("""{"epoch": 7}""", "epoch")]
    [InlineData("""{"epochs": 0}""", "epochs")]
    [InlineData("""{"colorJitter": {"gamma": 1}}""", "gamma")]
    [InlineData("""{"optimizer": "adam"}""", "optimizer")]
    [InlineData("[]", "cannot be read")]
    [InlineData("null", "JSON object")]
    public void A_recipe_that_cannot_be_read_says_why(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<TrainingException>(() => TrainingRecipe.Parse(System.Text.Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    public static TheoryData<TrainingRecipe, string> Faults() => new()
    {
        { new TrainingRecipe { Epochs = 0 }, "epochs" },
        { new TrainingRecipe { BatchSize = -1 }, "batchSize" },
        { new TrainingRecipe { MaxLearningRate = double.NaN }, "maxLearningRate" },
        { new TrainingRecipe { WarmUpFraction = 1 }, "warmUpFraction" },
        { new TrainingRecipe { EmaDecay = 1 }, "emaDecay" },
        { new TrainingRecipe { StandardDeviation = [1, 1] }, "standardDeviation" },
        { new TrainingRecipe { Momentum = 1 }, "momentum" },
        { new TrainingRecipe { Optimizer = OptimizerKind.Sgd, Momentum = 0 }, "momentum" },
        { new TrainingRecipe { RestartEpochs = 0 }, "restartEpochs" },
        { new TrainingRecipe { RestartMultiplier = 0.5 }, "restartMultiplier" },
        { new TrainingRecipe { LayerDecay = 0 }, "layerDecay" },
        { new TrainingRecipe { GradientClipNorm = 0 }, "gradientClipNorm" },
        { new TrainingRecipe { AdaptiveClipFactor = -1 }, "adaptiveClipFactor" },
        { new TrainingRecipe { LabelSmoothing = 1 }, "labelSmoothing" },
        { new TrainingRecipe { ClassBalanceBeta = 1 }, "classBalanceBeta" },
        { new TrainingRecipe { Rotation = 181 }, "rotation" },
        { new TrainingRecipe { ColorJitter = new(Brightness: -0.1) }, "colorJitter" },
        { new TrainingRecipe { ColorJitter = new(Hue: 0.6) }, "colorJitter" },
        { new TrainingRecipe { Augmentation = (AugmentationKind)9 }, "augmentation" },
        { new TrainingRecipe { RandAugmentOperations = 0 }, "randAugmentOperations" },
        { new TrainingRecipe { RandAugmentMagnitude = 31 }, "randAugmentMagnitude" },
        { new TrainingRecipe { FrameChoice = (FrameChoice)9 }, "frameChoice" },
        { new TrainingRecipe { EarlyStopPatience = -1 }, "earlyStopPatience" },
        { new TrainingRecipe { GradientClipping = (ClippingKind)9 }, "gradientClipping" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_faulty_value_is_named(TrainingRecipe recipe, string name) =>
        Assert.Contains(name, Assert.Throws<TrainingException>(recipe.Validate).Message, StringComparison.Ordinal);
}
