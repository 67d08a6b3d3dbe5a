using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => MatricesOperators.Matmul.Call(this, target);

        public Tensor mm(Tensor target) => MatricesOperators.Mm.Call(this, target);

        public Tensor mv(Tensor target) => MatricesOperators.Mv.Call(this, target);

        public Tensor bmm(Tensor batch2) => MatricesOperators.Bmm.Call(this, batch2);

        public Tensor dot(Tensor target) => MatricesOperators.Dot.Call(this, target);

        public Tensor vdot(Tensor target) => MatricesOperators.Vdot.Call(this, target);

        public Tensor inner(Tensor vec2) => MatricesOperators.Inner.Call(this, vec2);

        public Tensor outer(Tensor vec2) => MatricesOperators.Outer.Call(this, vec2);

        public Tensor ger(Tensor vec2) => outer(vec2);

        public Tensor kron(Tensor other) => MatricesOperators.Kron.Call(this, other);

        public Tensor trace() => MatricesOperators.Trace.Call(this);

        public Tensor det() => MatricesOperators.Det.Call(this);

        public Tensor logdet() => MatricesOperators.Logdet.Call(this);

        public Tensor inverse() => MatricesOperators.Inverse.Call(this);

        public Tensor pinverse(double rcond = 1e-15, bool hermitian = false) => MatricesOperators.LinalgPinv.Call(this, rcond, hermitian);

        public Tensor matrix_exp() => MatricesOperators.MatrixExp.Call(this);

        public Tensor matrix_power(int n) => MatricesOperators.MatrixPower.Call(this, n);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => MatricesOperators.Addmm.Call(this, mat1, mat2, beta, alpha);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1)
        {
            MatricesOperators.AddmmInPlace.Invoke(this, mat1, mat2, beta, alpha);
            return this;
        }

        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1.0f, float alpha = 1.0f) =>
            MatricesOperators.Addmv.Call(this, mat, vec, beta, alpha);

        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1.0f, float alpha = 1.0f) =>
            MatricesOperators.Addr.Call(this, vec1, vec2, beta, alpha);

        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            MatricesOperators.Addbmm.Call(this, batch1, batch2, beta, alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            MatricesOperators.Baddbmm.Call(this, batch1, batch2, beta, alpha);

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => MatricesOperators.Tensordot.Call(this, b, dims1, dims2);

        public Tensor cholesky(bool upper = false) => MatricesOperators.Cholesky.Call(this, upper);

        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) =>
            MatricesOperators.Cov.Call(this, correction, fweights, aweights);

        public Tensor corrcoef() => MatricesOperators.Corrcoef.Call(this);
    }
}
