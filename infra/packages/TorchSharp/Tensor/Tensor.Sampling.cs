using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => SamplingOperators.Bernoulli.Call(this, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            SamplingOperators.Multinomial.Call(this, num_samples, replacement, generator);

        public Tensor poisson(Generator? generator = null) => SamplingOperators.Poisson.Call(this, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null)
        {
            SamplingOperators.BernoulliInPlaceFloat.Invoke(this, p, generator);
            return this;
        }

        public Tensor bernoulli_(Tensor p, Generator? generator = null)
        {
            SamplingOperators.BernoulliInPlaceTensor.Invoke(this, p, generator);
            return this;
        }

        public Tensor cauchy_(double median = 0.0, double sigma = 1.0, Generator? generator = null)
        {
            SamplingOperators.CauchyInPlace.Invoke(this, median, sigma, generator);
            return this;
        }

        public Tensor exponential_(double lambda = 1.0, Generator? generator = null)
        {
            SamplingOperators.ExponentialInPlace.Invoke(this, lambda, generator);
            return this;
        }

        public Tensor geometric_(double p, Generator? generator = null)
        {
            SamplingOperators.GeometricInPlace.Invoke(this, p, generator);
            return this;
        }

        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null)
        {
            SamplingOperators.NormalInPlace.Invoke(this, mean, std, generator);
            return this;
        }

        public Tensor log_normal_(double mean = 0.0, double std = 1.0, Generator? generator = null)
        {
            SamplingOperators.LogNormalInPlace.Invoke(this, mean, std, generator);
            return this;
        }

        public Tensor random_(double from, double to, Generator? generator = null)
        {
            SamplingOperators.RandomInPlaceFrom.Invoke(this, (long)from, (long)to, generator);
            return this;
        }

        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            SamplingOperators.UniformInPlace.Invoke(this, from, to, generator);
            return this;
        }
    }
}
