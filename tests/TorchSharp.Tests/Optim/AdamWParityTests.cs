using System.Text.Json;
using CloudPipe.Tests.Support;
using TorchSharp.Modules;
using TorchSharp.Tests.NN;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

[Collection(ModulesCollection.Name)]
public sealed class AdamWParityTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, 8)];

    [ParityTheory("functions/adamw.json")]
    [MemberData(nameof(Cases))]
    public void Each_step_matches_the_reference(int index)
    {
        using var scope = NewDisposeScope();
        var file = ParityData.Read("functions/adamw.json");
        var entry = file.GetProperty("cases")[index];
        var weight = nn.Parameter(Matrix(file.GetProperty("w0")));
        var bias = nn.Parameter(tensor(Numbers(file.GetProperty("b0")), ScalarType.Float64));
        var (input, target) = (Matrix(file.GetProperty("x")), Matrix(file.GetProperty("y")));
        using var optimizer = Create(entry, weight, bias);

        foreach (var step in entry.GetProperty("steps").EnumerateArray())
        {
            using var loss = (input.matmul(weight) + bias - target).square().mean();
            Assert.Equal(step.GetProperty("loss_before").GetDouble(), loss.item<double>(), 1e-12);
            optimizer.zero_grad();
            loss.backward();
            TensorAssert.Close(Numbers(step.GetProperty("grad_w")), weight.grad!, 1e-12);
            optimizer.step();

            TensorAssert.Close(Numbers(step.GetProperty("w")), weight, 1e-12);
            TensorAssert.Close(Numbers(step.GetProperty("b")), bias, 1e-12);
            var state = (AdamW.State)optimizer.state_dict().State[0];
            TensorAssert.Close(Numbers(step.GetProperty("exp_avg_w")), state.exp_avg, 1e-12);
            TensorAssert.Close(Numbers(step.GetProperty("exp_avg_sq_w")), state.exp_avg_sq, 1e-12);
        }
    }

    private static AdamW Create(JsonElement entry, Parameter weight, Parameter bias)
    {
        var args = entry.GetProperty("args");
        double Argument(string name, double otherwise) => args.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
        var betas = args.TryGetProperty("betas", out var pair) ? Numbers(pair) : [0.9, 0.999];
        var amsgrad = args.TryGetProperty("amsgrad", out var flag) && flag.GetBoolean();
        var (rate, epsilon, decay) = (Argument("lr", 1e-3), Argument("eps", 1e-8), Argument("weight_decay", 0.01));
        if (entry.GetProperty("param_groups").GetString() == "w,b: as args")
            return optim.AdamW([weight, bias], rate, betas[0], betas[1], epsilon, decay, amsgrad);

        return optim.AdamW(
            [
                new AdamW.ParamGroup { Parameters = [weight] },
                new AdamW.ParamGroup([bias], new AdamW.Options { weight_decay = 0 }),
            ],
            rate, betas[0], betas[1], epsilon, decay, amsgrad);
    }

    private static Tensor Matrix(JsonElement rows) =>
        tensor(Numbers(rows), [rows.GetArrayLength(), rows[0].GetArrayLength()], ScalarType.Float64);

    private static double[] Numbers(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? element.EnumerateArray().SelectMany(Numbers).ToArray()
        : [element.GetDouble()];
}
