using CloudPipe.Metrics;

namespace CloudPipe.Shared.Tests.Metrics;

public class ReliabilityCurveTests
{
    // Worked by hand: (0.1 + 0.15)/2 = 0.125 said and 1/2 so; 0.5 said and 1 so; 0.9 and 1.0 said, 0.95, and 1/2 so.
    private static readonly double[] _probabilities = [0.9, 0.1, 0.5, 0.15, 1.0];
    private static readonly bool[] _positives = [false, true, true, false, true];

    [Fact]
    public void Bins_of_equal_width_hold_their_lower_end_and_the_last_one_both()
    {
        ReliabilityCurve curve = ReliabilityCurve.Compute(_probabilities, _positives, 4, ReliabilityBinning.EqualWidth);

        Assert.Equal([(0.0, 2), (0.5, 1), (0.75, 2)], curve.Bins.Select(bin => (bin.Lower, bin.Count)));
        Assert.Equal([0.125, 0.5, 0.95], curve.Bins.Select(bin => bin.MeanProbability), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([0.5, 1, 0.5], curve.Bins.Select(bin => bin.PositiveShare));
        Assert.Equal(((2 * 0.375) + 0.5 + (2 * 0.45)) / 5, curve.ExpectedError, 1e-12);
        Assert.Equal(0.5, curve.LargestError, 1e-12);
    }

    [Fact]
    public void Bins_of_equal_mass_never_part_equal_probabilities()
    {
        ReliabilityCurve curve = ReliabilityCurve.Compute([0.1, 0.2, 0.2, 0.2, 0.9, 0.95], [false, true, false, false, true, true], 3, ReliabilityBinning.EqualMass);

        Assert.Equal([(0.1, 0.2, 4), (0.9, 0.95, 2)], curve.Bins.Select(bin => (bin.Lower, bin.Upper, bin.Count)));
        Assert.Equal(0.25, curve.Bins[0].PositiveShare);
    }

    [Fact]
    public void The_order_of_the_samples_changes_nothing()
    {
        double[] probabilities = [.. Enumerable.Range(0, 300).Select(i => i % 13 / 13.0)];
        bool[] positives = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0)];

        foreach (ReliabilityBinning binning in Enum.GetValues<ReliabilityBinning>())
        {
            ReliabilityCurve forward = ReliabilityCurve.Compute(probabilities, positives, 10, binning);
            ReliabilityCurve backward = ReliabilityCurve.Compute([.. probabilities.Reverse()], [.. positives.Reverse()], 10, binning);

            Assert.Equal(forward.Bins, backward.Bins);
            Assert.Equal(300, forward.Bins.Sum(bin => bin.Count));
        }
    }

    [Fact]
    public void What_is_said_as_often_as_it_is_so_has_no_error()
    {
        double[] probabilities = [.. Enumerable.Repeat(0.25, 40), .. Enumerable.Repeat(0.75, 40)];
        bool[] positives = [.. Enumerable.Range(0, 40).Select(i => i < 10), .. Enumerable.Range(0, 40).Select(i => i < 30)];

        Assert.Equal(0, ReliabilityCurve.Compute(probabilities, positives, 10, ReliabilityBinning.EqualWidth).ExpectedError, 1e-12);
        Assert.Equal(0, ReliabilityCurve.Compute(probabilities, positives, 2, ReliabilityBinning.EqualMass).ExpectedError, 1e-12);
    }

    [Fact]
    public void The_brier_score_is_the_mean_squared_distance() =>
        Assert.Equal((0.81 + 0.81 + 0.25 + 0.0225 + 0) / 5, BrierScore.Compute(_probabilities, _positives), 1e-12);

    [Fact]
    public void One_wrong_certainty_costs_much_but_not_everything()
    {
        Assert.Equal(-Math.Log(0.25) / 2, LogLoss.Compute([0.25, 0.0], [true, false]), 1e-6);
        Assert.Equal(-Math.Log(1e-7), LogLoss.Compute([0.0], [true]), 1e-9);
    }

    [Fact]
    public void A_probability_outside_of_0_to_1_is_refused() =>
        Assert.Contains("sample 1 is 1.5", Assert.Throws<ArgumentException>(() => ReliabilityCurve.Compute([0, 1.5], [true, false], 5, ReliabilityBinning.EqualMass)).Message);
}
