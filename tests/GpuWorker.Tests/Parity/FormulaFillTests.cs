using System.Text.Json;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Parity;

public sealed class FormulaFillTests
{
    // Bits from functions/fill_selftest.json of the reference numbers.
    [Theory]
    [InlineData("input", 4191711099u, 1.0, new[] { 1058609887u, 3209091508u, 3210739104u })]
    [InlineData("stem.0.weight", 2059585352u, 0.25, new[] { 3194519193u, 3192613110u, 3193767644u })]
    [InlineData("fc.bias", 915095429u, 0.1, new[] { 1010724380u, 1004500576u, 3177259570u })]
    public void Values_have_the_reference_bits(string name, uint seed, double multiplier, uint[] bits)
    {
        Assert.Equal(seed, FormulaFill.Seed(name));
        Assert.Equal(bits, FormulaFill.Values(name, bits.Length, multiplier, 0).Select(BitConverter.SingleToUInt32Bits));
    }

    [ParityFact("functions/fill_selftest.json")]
    public void Every_value_of_the_self_test_has_the_reference_bits()
    {
        JsonElement selfTest = ParityData.Read("functions/fill_selftest.json");
        foreach (JsonElement entry in selfTest.GetProperty("tensors").EnumerateArray())
        {
            string name = entry.GetProperty("name").GetString()!;
            uint[] bits = [.. entry.GetProperty("float32_bits").EnumerateArray().Select(value => value.GetUInt32())];
            float[] values = FormulaFill.Values(name, bits.Length, entry.GetProperty("multiplier").GetDouble(), entry.GetProperty("offset").GetDouble());
            Assert.Equal(entry.GetProperty("fnv1a32").GetUInt32(), FormulaFill.Seed(name));
            Assert.Equal(bits, values.Select(BitConverter.SingleToUInt32Bits));
        }
    }
}
