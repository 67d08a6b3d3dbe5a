using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => PointwiseOperators.Abs.Call(this);

        public Tensor abs_()
        {
            PointwiseOperators.AbsInPlace.Invoke(this);
            return this;
        }

        public Tensor acos() => PointwiseOperators.Acos.Call(this);

        public Tensor acos_()
        {
            PointwiseOperators.AcosInPlace.Invoke(this);
            return this;
        }

        public Tensor acosh() => PointwiseOperators.Acosh.Call(this);

        public Tensor acosh_()
        {
            PointwiseOperators.AcoshInPlace.Invoke(this);
            return this;
        }

        public Tensor asin() => PointwiseOperators.Asin.Call(this);

        public Tensor asin_()
        {
            PointwiseOperators.AsinInPlace.Invoke(this);
            return this;
        }

        public Tensor asinh() => PointwiseOperators.Asinh.Call(this);

        public Tensor asinh_()
        {
            PointwiseOperators.AsinhInPlace.Invoke(this);
            return this;
        }

        public Tensor atan() => PointwiseOperators.Atan.Call(this);

        public Tensor atan_()
        {
            PointwiseOperators.AtanInPlace.Invoke(this);
            return this;
        }

        public Tensor atanh() => PointwiseOperators.Atanh.Call(this);

        public Tensor atanh_()
        {
            PointwiseOperators.AtanhInPlace.Invoke(this);
            return this;
        }

        public Tensor bitwise_not() => PointwiseOperators.BitwiseNot.Call(this);

        public Tensor bitwise_not_()
        {
            PointwiseOperators.BitwiseNotInPlace.Invoke(this);
            return this;
        }

        public Tensor ceil() => PointwiseOperators.Ceil.Call(this);

        public Tensor ceil_()
        {
            PointwiseOperators.CeilInPlace.Invoke(this);
            return this;
        }

        public Tensor cos() => PointwiseOperators.Cos.Call(this);

        public Tensor cos_()
        {
            PointwiseOperators.CosInPlace.Invoke(this);
            return this;
        }

        public Tensor cosh() => PointwiseOperators.Cosh.Call(this);

        public Tensor cosh_()
        {
            PointwiseOperators.CoshInPlace.Invoke(this);
            return this;
        }

        public Tensor digamma() => PointwiseOperators.Digamma.Call(this);

        public Tensor digamma_()
        {
            PointwiseOperators.DigammaInPlace.Invoke(this);
            return this;
        }

        public Tensor erf() => PointwiseOperators.Erf.Call(this);

        public Tensor erf_()
        {
            PointwiseOperators.ErfInPlace.Invoke(this);
            return this;
        }

        public Tensor erfc() => PointwiseOperators.Erfc.Call(this);

        public Tensor erfc_()
        {
            PointwiseOperators.ErfcInPlace.Invoke(this);
            return this;
        }

        public Tensor exp() => PointwiseOperators.Exp.Call(this);

        public Tensor exp_()
        {
            PointwiseOperators.ExpInPlace.Invoke(this);
            return this;
        }

        public Tensor expm1() => PointwiseOperators.Expm1.Call(this);

        public Tensor expm1_()
        {
            PointwiseOperators.Expm1InPlace.Invoke(this);
            return this;
        }

        public Tensor floor() => PointwiseOperators.Floor.Call(this);

        public Tensor floor_()
        {
            PointwiseOperators.FloorInPlace.Invoke(this);
            return this;
        }

        public Tensor frac() => PointwiseOperators.Frac.Call(this);

        public Tensor frac_()
        {
            PointwiseOperators.FracInPlace.Invoke(this);
            return this;
        }

        public Tensor log() => PointwiseOperators.Log.Call(this);

        public Tensor log_()
        {
            PointwiseOperators.LogInPlace.Invoke(this);
            return this;
        }

        public Tensor log10() => PointwiseOperators.Log10.Call(this);

        public Tensor log10_()
        {
            PointwiseOperators.Log10InPlace.Invoke(this);
            return this;
        }

        public Tensor log1p() => PointwiseOperators.Log1p.Call(this);

        public Tensor log1p_()
        {
            PointwiseOperators.Log1pInPlace.Invoke(this);
            return this;
        }

        public Tensor log2() => PointwiseOperators.Log2.Call(this);

        public Tensor log2_()
        {
            PointwiseOperators.Log2InPlace.Invoke(this);
            return this;
        }

        public Tensor neg() => PointwiseOperators.Neg.Call(this);

        public Tensor neg_()
        {
            PointwiseOperators.NegInPlace.Invoke(this);
            return this;
        }

        public Tensor reciprocal() => PointwiseOperators.Reciprocal.Call(this);

        public Tensor reciprocal_()
        {
            PointwiseOperators.ReciprocalInPlace.Invoke(this);
            return this;
        }

        public Tensor rsqrt() => PointwiseOperators.Rsqrt.Call(this);

        public Tensor rsqrt_()
        {
            PointwiseOperators.RsqrtInPlace.Invoke(this);
            return this;
        }

        public Tensor sigmoid() => PointwiseOperators.Sigmoid.Call(this);

        public Tensor sigmoid_()
        {
            PointwiseOperators.SigmoidInPlace.Invoke(this);
            return this;
        }

        public Tensor sgn() => PointwiseOperators.Sgn.Call(this);

        public Tensor sgn_()
        {
            PointwiseOperators.SgnInPlace.Invoke(this);
            return this;
        }

        public Tensor sign() => PointwiseOperators.Sign.Call(this);

        public Tensor sign_()
        {
            PointwiseOperators.SignInPlace.Invoke(this);
            return this;
        }

        public Tensor sin() => PointwiseOperators.Sin.Call(this);

        public Tensor sin_()
        {
            PointwiseOperators.SinInPlace.Invoke(this);
            return this;
        }

        public Tensor sinc() => PointwiseOperators.Sinc.Call(this);

        public Tensor sinc_()
        {
            PointwiseOperators.SincInPlace.Invoke(this);
            return this;
        }

        public Tensor sinh() => PointwiseOperators.Sinh.Call(this);

        public Tensor sinh_()
        {
            PointwiseOperators.SinhInPlace.Invoke(this);
            return this;
        }

        public Tensor sqrt() => PointwiseOperators.Sqrt.Call(this);

        public Tensor sqrt_()
        {
            PointwiseOperators.SqrtInPlace.Invoke(this);
            return this;
        }

        public Tensor tan() => PointwiseOperators.Tan.Call(this);

        public Tensor tan_()
        {
            PointwiseOperators.TanInPlace.Invoke(this);
            return this;
        }

        public Tensor tanh() => PointwiseOperators.Tanh.Call(this);

        public Tensor tanh_()
        {
            PointwiseOperators.TanhInPlace.Invoke(this);
            return this;
        }

        public Tensor trunc() => PointwiseOperators.Trunc.Call(this);

        public Tensor trunc_()
        {
            PointwiseOperators.TruncInPlace.Invoke(this);
            return this;
        }

        public Tensor absolute() => abs();

        public Tensor absolute_() => abs_();

        public Tensor arccos() => acos();

        public Tensor arccos_() => acos_();

        public Tensor arcsin() => asin();

        public Tensor arcsin_() => asin_();

        public Tensor arctan() => atan();

        public Tensor arctan_() => atan_();

        public Tensor arcsinh() => asinh();

        public Tensor arccosh() => acosh();

        public Tensor arctanh() => atanh();

        public Tensor fix() => trunc();

        public Tensor fix_() => trunc_();

        public Tensor negative() => neg();

        public Tensor exp2() => PointwiseOperators.Exp2.Call(this);

        public Tensor deg2rad() => PointwiseOperators.Deg2rad.Call(this);

        public Tensor rad2deg() => PointwiseOperators.Rad2deg.Call(this);

        public Tensor angle() => PointwiseOperators.Angle.Call(this);

        public Tensor conj() => PointwiseOperators.Conj.Call(this);

        public Tensor positive() => PointwiseOperators.Positive.Call(this);

        public Tensor signbit() => PointwiseOperators.Signbit.Call(this);

        public Tensor square() => pow(2);

        public Tensor round(long decimals = 0L) => PointwiseOperators.RoundDecimals.Call(this, decimals);

        public Tensor round_(long decimals = 0L)
        {
            PointwiseOperators.RoundInPlaceDecimals.Invoke(this, decimals);
            return this;
        }

        public Tensor add(Tensor target) => PointwiseOperators.AddTensor.Call(this, target);

        public Tensor add(Tensor target, Scalar alpha) => PointwiseOperators.AddTensor.Call(this, target, alpha);

        public Tensor add(Scalar scalar) => PointwiseOperators.AddScalar.Call(this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => PointwiseOperators.AddScalar.Call(this, scalar, alpha);

        public Tensor add_(Tensor target)
        {
            PointwiseOperators.AddInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor add_(Tensor target, Scalar alpha)
        {
            PointwiseOperators.AddInPlaceTensor.Invoke(this, target, alpha);
            return this;
        }

        public Tensor add_(Scalar scalar)
        {
            PointwiseOperators.AddInPlaceScalar.Invoke(this, scalar);
            return this;
        }

        public Tensor add_(Scalar scalar, Scalar alpha)
        {
            PointwiseOperators.AddInPlaceScalar.Invoke(this, scalar, alpha);
            return this;
        }

        public Tensor sub(Tensor target) => PointwiseOperators.SubTensor.Call(this, target);

        public Tensor sub(Scalar target) => PointwiseOperators.SubScalar.Call(this, target);

        public Tensor sub_(Tensor target)
        {
            PointwiseOperators.SubInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor sub_(Scalar target)
        {
            PointwiseOperators.SubInPlaceScalar.Invoke(this, target);
            return this;
        }

        public Tensor subtract(Tensor target) => sub(target);

        public Tensor subtract(Scalar target) => sub(target);

        public Tensor subtract_(Tensor target) => sub_(target);

        public Tensor subtract_(Scalar target) => sub_(target);

        public Tensor mul(Tensor target) => PointwiseOperators.MulTensor.Call(this, target);

        public Tensor mul(Scalar target) => PointwiseOperators.MulScalar.Call(this, target);

        public Tensor mul_(Tensor target)
        {
            PointwiseOperators.MulInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor mul_(Scalar target)
        {
            PointwiseOperators.MulInPlaceScalar.Invoke(this, target);
            return this;
        }

        public Tensor multiply(Tensor target) => mul(target);

        public Tensor multiply(Scalar target) => mul(target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            PointwiseOperators.DivTensorMode.Call(this, target, Mode(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            PointwiseOperators.DivScalarMode.Call(this, target, Mode(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            PointwiseOperators.DivInPlaceTensorMode.Invoke(this, target, Mode(rounding_mode));
            return this;
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            PointwiseOperators.DivInPlaceScalarMode.Invoke(this, target, Mode(rounding_mode));
            return this;
        }

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor true_divide(Tensor other) => PointwiseOperators.TrueDivideTensor.Call(this, other);

        public Tensor true_divide(Scalar other) => PointwiseOperators.TrueDivideScalar.Call(this, other);

        public Tensor floor_divide(Tensor other) => PointwiseOperators.FloorDivide.Call(this, other);

        public Tensor floor_divide(Scalar other) => PointwiseOperators.FloorDivideScalar.Call(this, other);

        public Tensor fmod(Tensor target) => PointwiseOperators.FmodTensor.Call(this, target);

        public Tensor fmod(Scalar scalar) => PointwiseOperators.FmodScalar.Call(this, scalar);

        public Tensor fmod_(Tensor target)
        {
            PointwiseOperators.FmodInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor fmod_(Scalar scalar)
        {
            PointwiseOperators.FmodInPlaceScalar.Invoke(this, scalar);
            return this;
        }

        public Tensor remainder(Tensor target) => PointwiseOperators.RemainderTensor.Call(this, target);

        public Tensor remainder(Scalar scalar) => PointwiseOperators.RemainderScalar.Call(this, scalar);

        public Tensor remainder_(Tensor target)
        {
            PointwiseOperators.RemainderInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor remainder_(Scalar scalar)
        {
            PointwiseOperators.RemainderInPlaceScalar.Invoke(this, scalar);
            return this;
        }

        public Tensor pow(Tensor exponent) => PointwiseOperators.PowTensorTensor.Call(this, exponent);

        public Tensor pow(Scalar exponent) => PointwiseOperators.PowTensorScalar.Call(this, exponent);

        public Tensor pow_(Tensor exponent)
        {
            PointwiseOperators.PowInPlaceTensor.Invoke(this, exponent);
            return this;
        }

        public Tensor pow_(Scalar exponent)
        {
            PointwiseOperators.PowInPlaceScalar.Invoke(this, exponent);
            return this;
        }

        public Tensor float_power(Tensor target) => PointwiseOperators.FloatPowerTensorTensor.Call(this, target);

        public Tensor atan2(Tensor other) => PointwiseOperators.Atan2.Call(this, other);

        public Tensor atan2_(Tensor other)
        {
            PointwiseOperators.Atan2InPlace.Invoke(this, other);
            return this;
        }

        public Tensor hypot(Tensor other) => PointwiseOperators.Hypot.Call(this, other);

        public Tensor logaddexp(Tensor other) => PointwiseOperators.Logaddexp.Call(this, other);

        public Tensor logaddexp2(Tensor other) => PointwiseOperators.Logaddexp2.Call(this, other);

        public Tensor logit(double? eps = null) => PointwiseOperators.Logit.Call(this, eps);

        public Tensor xlogy(Tensor y) => PointwiseOperators.XlogyTensor.Call(this, y);

        public Tensor xlogy(Scalar y) => PointwiseOperators.XlogyScalarOther.Call(this, y);

        public Tensor copysign(Tensor other) => PointwiseOperators.CopysignTensor.Call(this, other);

        public Tensor heaviside(Tensor other) => PointwiseOperators.Heaviside.Call(this, other);

        public Tensor nextafter(Tensor other) => PointwiseOperators.Nextafter.Call(this, other);

        public Tensor gcd(Tensor other) => PointwiseOperators.Gcd.Call(this, other);

        public Tensor lcm(Tensor other) => PointwiseOperators.Lcm.Call(this, other);

        public Tensor ldexp(Tensor other) => PointwiseOperators.LdexpTensor.Call(this, other);

        public Tensor lerp(Tensor end, Tensor weight) => PointwiseOperators.LerpTensor.Call(this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight)
        {
            PointwiseOperators.LerpInPlaceTensor.Invoke(this, end, weight);
            return this;
        }

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => PointwiseOperators.Addcdiv.Call(this, tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => PointwiseOperators.Addcdiv.Call(this, tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            PointwiseOperators.AddcdivInPlace.Invoke(this, tensor1, tensor2, value);
            return this;
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2)
        {
            PointwiseOperators.AddcdivInPlace.Invoke(this, tensor1, tensor2);
            return this;
        }

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => PointwiseOperators.Addcmul.Call(this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            PointwiseOperators.AddcmulInPlace.Invoke(this, tensor1, tensor2, value);
            return this;
        }

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => PointwiseOperators.Clamp.Call(this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => PointwiseOperators.ClampTensor.Call(this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            PointwiseOperators.ClampInPlace.Invoke(this, min, max);
            return this;
        }

        public Tensor clamp_(Tensor? min = null, Tensor? max = null)
        {
            PointwiseOperators.ClampInPlaceTensor.Invoke(this, min, max);
            return this;
        }

        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        public Tensor clamp_max(Scalar max) => PointwiseOperators.ClampMax.Call(this, max);

        public Tensor clamp_max_(Scalar max)
        {
            PointwiseOperators.ClampMaxInPlace.Invoke(this, max);
            return this;
        }

        public Tensor clamp_min(Scalar min) => PointwiseOperators.ClampMin.Call(this, min);

        public Tensor clamp_min_(Scalar min)
        {
            PointwiseOperators.ClampMinInPlace.Invoke(this, min);
            return this;
        }

        public Tensor nan_to_num(double nan = 0d, double? posinf = null, double? neginf = null) =>
            PointwiseOperators.NanToNum.Call(this, nan, posinf, neginf);

        public Tensor bitwise_and(Tensor other) => PointwiseOperators.BitwiseAndTensor.Call(this, other);

        public Tensor bitwise_or(Tensor other) => PointwiseOperators.BitwiseOrTensor.Call(this, other);

        public Tensor bitwise_xor(Tensor other) => PointwiseOperators.BitwiseXorTensor.Call(this, other);

        public Tensor bitwise_and_(Tensor other)
        {
            PointwiseOperators.BitwiseAndInPlaceTensor.Invoke(this, other);
            return this;
        }

        public Tensor bitwise_or_(Tensor other)
        {
            PointwiseOperators.BitwiseOrInPlaceTensor.Invoke(this, other);
            return this;
        }

        public Tensor bitwise_xor_(Tensor other)
        {
            PointwiseOperators.BitwiseXorInPlaceTensor.Invoke(this, other);
            return this;
        }

        public Tensor bitwise_left_shift(Tensor other) => PointwiseOperators.BitwiseLeftShiftTensor.Call(this, other);

        public Tensor bitwise_right_shift(Tensor other) => PointwiseOperators.BitwiseRightShiftTensor.Call(this, other);

        public Tensor logical_and(Tensor other) => PointwiseOperators.LogicalAnd.Call(this, other);

        public Tensor logical_or(Tensor other) => PointwiseOperators.LogicalOr.Call(this, other);

        public Tensor logical_xor(Tensor other) => PointwiseOperators.LogicalXor.Call(this, other);

        public Tensor logical_not() => PointwiseOperators.LogicalNot.Call(this);

        public Tensor logical_and_(Tensor other)
        {
            PointwiseOperators.LogicalAndInPlace.Invoke(this, other);
            return this;
        }

        public Tensor logical_or_(Tensor other)
        {
            PointwiseOperators.LogicalOrInPlace.Invoke(this, other);
            return this;
        }
    }
}
