using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class special
    {
        public static Tensor entr(Tensor input) => SpecialOperators.Entr.Call(input);

        public static Tensor erf(Tensor input) => SpecialOperators.Erf.Call(input);

        public static Tensor erfc(Tensor input) => SpecialOperators.Erfc.Call(input);

        public static Tensor erfinv(Tensor input) => SpecialOperators.Erfinv.Call(input);

        public static Tensor expit(Tensor input) => SpecialOperators.Expit.Call(input);

        public static Tensor expm1(Tensor input) => SpecialOperators.Expm1.Call(input);

        public static Tensor exp2(Tensor input) => SpecialOperators.Exp2.Call(input);

        public static Tensor gammaln(Tensor input) => SpecialOperators.Gammaln.Call(input);

        public static Tensor digamma(Tensor input) => SpecialOperators.Digamma.Call(input);

        public static Tensor psi(Tensor input) => digamma(input);

        public static Tensor i0(Tensor input) => SpecialOperators.I0.Call(input);

        public static Tensor i0e(Tensor input) => SpecialOperators.I0e.Call(input);

        public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => SpecialOperators.LogSoftmax.Call(input, dim, dtype);

        public static Tensor logit(Tensor input) => SpecialOperators.Logit.Call(input);

        public static Tensor ndtr(Tensor input) => SpecialOperators.Ndtr.Call(input);

        public static Tensor sinc(Tensor input) => SpecialOperators.Sinc.Call(input);

        public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => SpecialOperators.Softmax.Call(input, dim, dtype);
    }
}
