using System.Text.Json;
using CloudPipe.GpuWorker.Training.Losses;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training.Losses;

[Collection(TorchCollection.Name)]
public sealed class AsymmetricLossTests
{
    // Worked out by hand from equations 4 to 7 of the paper: logits 0 and 0, targets 1 and 0, gammas 1 (positive) and 2
    // (negative), margin 0.1: 0.5 · -ln 0.5 + 0.4² · -ln 0.6.
    [Fact]
    public void Loss_follows_the_paper()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor loss = new AsymmetricLoss(gammaNegative: 2, gammaPositive: 1, margin: 0.1).Compute(zeros(1, 2, dtype: ScalarType.Float64), tensor(new double[,] { { 1, 0 } }));

        Assert.Equal((0.5 * Math.Log(2)) + (0.16 * -Math.Log(0.6)), loss.item<double>(), 1e-14);
    }

    // Gradients of the reference implementation (functions/asymmetric_loss.json): gammas 4 and 0, margin 0.05.
    [Theory]
    [InlineData(false, 0.0590304162628343)]
    [InlineData(true, 0.2088736875111649)]
    public void Gradient_is_the_references(bool focusingHasGradient, double ofNegative)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = tensor(new[,] { { 0.0, 0.5, -0.5 } }, requires_grad: true);
        new AsymmetricLoss(4, 0, 0.05, focusingHasGradient).Compute(logits, tensor(new[,] { { 1.0, 0.0, 1.0 } })).backward();

        Assert.Equal([-0.5, ofNegative, -0.6224593312018545], logits.grad!.data<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [ParityFact("functions/asymmetric_loss.json")]
    public void Every_reference_case_agrees()
    {
        JsonElement reference = ParityData.Read("functions/asymmetric_loss.json");
        double[][] logits = Rows(reference.GetProperty("logits"));
        double[][] targets = Rows(reference.GetProperty("targets"));
        foreach (JsonElement entry in reference.GetProperty("cases").EnumerateArray())
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor input = Matrix(logits).requires_grad_();
            var loss = new AsymmetricLoss(
                entry.GetProperty("gamma_neg").GetDouble(),
                entry.GetProperty("gamma_pos").GetDouble(),
                entry.GetProperty("clip").GetDouble(),
                focusingHasGradient: !entry.GetProperty("disable_torch_grad_focal_loss").GetBoolean());

            Tensor value = loss.Compute(input, Matrix(targets));
            value.backward();

            double expected = entry.GetProperty("loss_sum").GetDouble();
            Assert.Equal(expected, value.item<double>(), 1e-12 * expected);
            double[] gradient = [.. input.grad!.data<double>()];
            IEnumerable<JsonElement> expectedGradient = entry.GetProperty("grad").EnumerateArray().SelectMany(row => row.EnumerateArray());
            foreach ((JsonElement listed, double actual) in expectedGradient.Zip(gradient))
            {
                // A power of zero has no finite derivative there, in the reference neither.
                if (listed.ValueKind == JsonValueKind.String)
                    Assert.False(double.IsFinite(actual));
                else
                    Assert.Equal(listed.GetDouble(), actual, 1e-10);
            }
        }
    }

    private static double[][] Rows(JsonElement element) => [.. element.EnumerateArray().Select(row => row.Doubles())];

    private static Tensor Matrix(double[][] rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);
}
