using static TorchSharp.torch;

namespace TorchSharp.Tests.Random;

public sealed class RandomTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_seed_repeats_the_numbers()
    {
        manual_seed(42);
        Tensor first = randn(10);
        manual_seed(42);
        Assert.True(first.Equals(randn(10)));
        Assert.False(first.Equals(randn(10)));
        Assert.Equal(42, initial_seed());
    }

    [Fact]
    public void A_generator_of_ones_own_is_independent_of_the_default_one()
    {
        using var left = new Generator(7);
        using var right = new Generator(7);
        Tensor first = rand(5, generator: left);
        rand(100);
        Assert.True(first.Equals(rand(5, generator: right)));
        left.manual_seed(7);
        Assert.True(first.Equals(rand(5, generator: left)));
        Assert.Equal(7, left.initial_seed());
    }

    [Fact]
    public void A_state_can_be_kept_and_put_back()
    {
        using var generator = new Generator(3);
        rand(5, generator: generator);
        Tensor state = generator.get_state();
        Tensor first = rand(5, generator: generator);
        generator.set_state(state);
        Assert.True(first.Equals(rand(5, generator: generator)));

        Tensor defaultState = get_rng_state();
        Tensor second = rand(3);
        set_rng_state(defaultState);
        Assert.True(second.Equals(rand(3)));
    }

    [Fact]
    public void Uniform_numbers_fill_their_range()
    {
        manual_seed(1);
        Tensor numbers = rand(10000);
        Assert.InRange(numbers.min().item<float>(), 0, 0.01);
        Assert.InRange(numbers.max().item<float>(), 0.99, 1);
        Assert.InRange(numbers.mean().item<float>(), 0.48, 0.52);
        Tensor shifted = zeros(10000).uniform_(-2, 2);
        Assert.InRange(shifted.mean().item<float>(), -0.1, 0.1);
        Assert.InRange(shifted.min().item<float>(), -2, -1.9);
    }

    [Fact]
    public void Normal_numbers_have_mean_and_deviation()
    {
        manual_seed(1);
        Tensor numbers = zeros(20000).normal_(3, 0.5);
        Assert.InRange(numbers.mean().item<float>(), 2.98, 3.02);
        Assert.InRange(numbers.std().item<float>(), 0.48, 0.52);
        Assert.InRange(randn(20000).std().item<float>(), 0.97, 1.03);
    }

    [Fact]
    public void Integers_stay_below_the_upper_bound()
    {
        manual_seed(1);
        Tensor numbers = randint(2, 5, new long[] { 1000 });
        Assert.Equal(ScalarType.Int64, numbers.dtype);
        Assert.Equal(2, numbers.min().item<long>());
        Assert.Equal(4, numbers.max().item<long>());
    }

    [Fact]
    public void A_permutation_holds_every_number_once()
    {
        Tensor permutation = randperm(100);
        Assert.True(permutation.sort().Values.Equals(arange(100)));
    }

    [Fact]
    public void Bernoulli_follows_its_probability()
    {
        manual_seed(1);
        Assert.InRange(zeros(10000).bernoulli_(0.3).mean().item<float>(), 0.27, 0.33);
        zeros(10).bernoulli_(0.0).AssertValues(new double[10]);
        Assert.InRange(full(10000, 0.8).bernoulli().mean().item<float>(), 0.77, 0.83);
    }

    [Fact]
    public void Multinomial_draws_by_weight()
    {
        Tensor draws = multinomial(tensor(new[] { 0f, 1, 0 }), 5, replacement: true);
        draws.AssertValues(1, 1, 1, 1, 1);
    }
}
