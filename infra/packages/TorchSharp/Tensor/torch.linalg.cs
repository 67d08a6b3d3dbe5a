using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        public static Tensor cholesky(Tensor input) => LinalgOperators.Cholesky.Call(input);

        public static Tensor cross(Tensor input, Tensor other, long dim = -1) => LinalgOperators.Cross.Call(input, other, dim);

        public static Tensor det(Tensor input) => LinalgOperators.Det.Call(input);

        public static (Tensor, Tensor) slogdet(Tensor input) => LinalgOperators.Slogdet.CallPair(input);

        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => LinalgOperators.Eigh.CallPair(input, UPLO.ToString());

        public static Tensor inv(Tensor input) => LinalgOperators.Inv.Call(input);

        public static Tensor matrix_exp(Tensor input) => input.matrix_exp();

        public static Tensor multi_dot(IList<Tensor> tensors) => LinalgOperators.MultiDot.Call(tensors.ToArray());

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            LinalgOperators.Norm.Call(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) =>
            LinalgOperators.NormOrdStr.Call(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) =>
            LinalgOperators.Norm.Call(input, Value.None, dims, keepdim);

        public static Tensor vector_norm(Tensor input, double ord = 2d, long[]? dims = null, bool keepdim = false) =>
            LinalgOperators.VectorNorm.Call(input, ord, dims, keepdim);

        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false) =>
            LinalgOperators.MatrixNormStrOrd.Call(input, ord, dims ?? [-2L, -1L], keepdim);

        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            LinalgOperators.MatrixNorm.Call(input, ord, dims ?? [-2L, -1L], keepdim);

        public static Tensor solve(Tensor A, Tensor B, bool left = true) => LinalgOperators.Solve.Call(A, B, left);

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) =>
            LinalgOperators.Svd.CallTriple(input, fullMatrices);

        public static Tensor svdvals(Tensor input) => LinalgOperators.Svdvals.Call(input);
    }
}
