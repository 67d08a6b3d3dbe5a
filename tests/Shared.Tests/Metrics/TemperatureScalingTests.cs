using CloudPipe.Metrics;

namespace CloudPipe.Shared.Tests.Metrics;

public class TemperatureScalingTests
{
    [Fact]
    public void It_finds_the_temperature_that_was_applied()
    {
        // Calibrated by construction: of the samples said at p, a share of p has the class. Then every logit is tripled.
        double[] levels = [0.1, 0.3, 0.5, 0.7, 0.9];
        double[] overconfident = [.. levels.SelectMany(p => Enumerable.Repeat(TemperatureScaling.Apply(p, 1 / 3.0), 100))];
        bool[] positives = [.. levels.SelectMany(p => Enumerable.Range(0, 100).Select(i => i < Math.Round(100 * p)))];

        double temperature = TemperatureScaling.Fit(overconfident, positives);

        Assert.Equal(3, temperature, 1e-9);
        Assert.Equal(0.3, TemperatureScaling.Apply(overconfident[100], temperature), 1e-9);
        Assert.Equal(temperature, TemperatureScaling.Fit([.. overconfident.Reverse()], [.. positives.Reverse()]), 1e-12);
    }

    [Fact]
    public void No_other_temperature_has_a_lower_log_loss()
    {
        double[] probabilities = [.. Enumerable.Range(0, 200).Select(i => ((i * 67 % 199) + 0.5) / 200)];
        bool[] positives = [.. probabilities.Select((p, i) => i * 29 % 31 / 31.0 < p * p)];

        double temperature = TemperatureScaling.Fit(probabilities, positives);
        double least = Loss(temperature);

        Assert.All([0.1, 0.5, temperature * 0.99, temperature * 1.01, 1, 2, 10], other => Assert.True(Loss(other) >= least, $"{other}"));
        double Loss(double t) => LogLoss.Compute([.. probabilities.Select(p => TemperatureScaling.Apply(p, t))], positives);
    }

    [Theory]
    [InlineData(new[] { 0.2, 0.9 }, new[] { false, true }, TemperatureScaling.Lowest)] // Right throughout: the surer the better.
    [InlineData(new[] { 0.9, 0.2 }, new[] { false, true }, TemperatureScaling.Highest)] // Wrong throughout.
    [InlineData(new[] { 0.2, 0.9 }, new[] { false, false }, 1)]
    [InlineData(new[] { 0.2, 0.9 }, new[] { true, true }, 1)]
    [InlineData(new[] { 0.5, 0.5 }, new[] { false, true }, 1)]
    public void It_stays_within_bounds_and_leaves_alone_what_teaches_nothing(double[] probabilities, bool[] positives, double expected) =>
        Assert.Equal(expected, TemperatureScaling.Fit(probabilities, positives));

    [Fact]
    public void It_keeps_the_order_the_ends_and_with_a_temperature_of_1_every_bit()
    {
        double[] probabilities = [0, 1e-12, 0.1, 0.49, 0.5, 0.51, 0.999, 1 - 1e-12, 1];

        foreach (double temperature in new[] { 0.1, 0.7, 1, 4, 10 })
        {
            double[] scaled = [.. probabilities.Select(p => TemperatureScaling.Apply(p, temperature))];

            Assert.Equal(scaled, scaled.Order());
            Assert.Equal((0, 0.5, 1), (scaled[0], scaled[4], scaled[^1]));
        }

        Assert.Equal(probabilities, probabilities.Select(p => TemperatureScaling.Apply(p, 1)));
    }
}
