using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class LossTests
{
    [Fact]
    public void Binary_cross_entropy_takes_probabilities_or_logits()
    {
        using var scope = NewDisposeScope();
        var logits = randn(4, 3);
        var targets = rand(4, 3);
        var p = logits.sigmoid();
        var expected = -((targets * p.log()) + ((1 - targets) * (1 - p).log()));
        using var fromLogits = BCEWithLogitsLoss(reduction: Reduction.None);
        using var fromProbabilities = BCELoss();

        TensorAssert.Close(expected, fromLogits.call(logits, targets), 1e-5);
        TensorAssert.Close(expected.mean(), fromProbabilities.call(p, targets), 1e-5);
    }

    [Fact]
    public void Positive_weights_scale_the_positive_part()
    {
        using var scope = NewDisposeScope();
        var logits = randn(4, 3);
        var targets = rand(4, 3);
        var weights = tensor(new float[] { 1, 2, 5 });
        var p = logits.sigmoid();
        using var loss = BCEWithLogitsLoss(reduction: Reduction.Sum, pos_weights: weights);

        TensorAssert.Close(-((targets * p.log() * weights) + ((1 - targets) * (1 - p).log())).sum(), loss.call(logits, targets), 1e-4);
    }

    [Fact]
    public void Cross_entropy_is_the_negative_logarithm_of_the_probability_of_the_class()
    {
        using var scope = NewDisposeScope();
        var logits = randn(3, 4);
        var classes = tensor(new long[] { 1, 3, 0 });
        var logarithms = functional.log_softmax(logits, 1);
        var picked = -logarithms.gather(1, classes.unsqueeze(1)).squeeze(1);
        using var loss = CrossEntropyLoss();
        using var negative = NLLLoss(reduction: Reduction.None);

        TensorAssert.Close(picked.mean(), loss.call(logits, classes));
        TensorAssert.Close(picked, negative.call(logarithms, classes));
        TensorAssert.Close((picked[0] + picked[1]) / 2, functional.cross_entropy(logits, classes, ignore_index: 0));
    }

    [Fact]
    public void Label_smoothing_spreads_a_part_of_the_target()
    {
        using var scope = NewDisposeScope();
        var logits = randn(2, 4);
        var logarithms = functional.log_softmax(logits, 1);
        var target = functional.one_hot(tensor(new long[] { 2, 0 }), 4).to(ScalarType.Float32) * 0.9 + 0.025;

        TensorAssert.Close(
            -(target * logarithms).sum(1).mean(),
            functional.cross_entropy(logits, tensor(new long[] { 2, 0 }), label_smoothing: 0.1));
    }

    [Fact]
    public void Distances()
    {
        using var scope = NewDisposeScope();
        var input = tensor(new float[] { 1, 5 });
        var target = tensor(new float[] { 0.5f, 2 });
        using var squared = MSELoss();
        using var absolute = L1Loss(Reduction.Sum);
        using var smooth = SmoothL1Loss(Reduction.None);
        using var huber = HuberLoss(2, Reduction.None);

        TensorAssert.Close([(0.25 + 9) / 2], squared.call(input, target).view(1));
        TensorAssert.Close([3.5], absolute.call(input, target).view(1));
        TensorAssert.Close([0.125, 2.5], smooth.call(input, target));
        TensorAssert.Close([0.125, 4.0], huber.call(input, target));
    }

    [Fact]
    public void Divergence_of_a_distribution_from_itself_is_zero()
    {
        using var scope = NewDisposeScope();
        var logarithms = functional.log_softmax(randn(2, 5), 1);
        using var loss = KLDivLoss();

        TensorAssert.Close([0.0], loss.call(logarithms, logarithms).view(1));
    }
}
