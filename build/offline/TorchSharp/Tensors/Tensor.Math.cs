namespace TorchSharp;

public static partial class torch
{
    // Element by element: what it does is in PyTorch's manual under the same name.
    public partial class Tensor
    {
        public Tensor abs() => Op.Call("abs", this);
        public Tensor neg() => Op.Call("neg", this);
        public Tensor exp() => Op.Call("exp", this);
        public Tensor log() => Op.Call("log", this);
        public Tensor log1p() => Op.Call("log1p", this);
        public Tensor log2() => Op.Call("log2", this);
        public Tensor log10() => Op.Call("log10", this);
        public Tensor sqrt() => Op.Call("sqrt", this);
        public Tensor rsqrt() => Op.Call("rsqrt", this);
        public Tensor reciprocal() => Op.Call("reciprocal", this);
        public Tensor sigmoid() => Op.Call("sigmoid", this);
        public Tensor tanh() => Op.Call("tanh", this);
        public Tensor relu() => Op.Call("relu", this);
        public Tensor sin() => Op.Call("sin", this);
        public Tensor cos() => Op.Call("cos", this);
        public Tensor square() => Op.Call("square", this);
        public Tensor floor() => Op.Call("floor", this);
        public Tensor ceil() => Op.Call("ceil", this);
        public Tensor trunc() => Op.Call("trunc", this);
        public Tensor sign() => Op.Call("sign", this);
        public Tensor erf() => Op.Call("erf", this);
        public Tensor isnan() => Op.Call("isnan", this);
        public Tensor isfinite() => Op.Call("isfinite", this);
        public Tensor isinf() => Op.Call("isinf", this);
        public Tensor logical_not() => Op.Call("logical_not", this);
        public Tensor expm1() => Op.Call("expm1", this);
        public Tensor negative() => neg();
        public Tensor round(long decimals = 0) => decimals == 0 ? Op.Call("round", this) : Op.Call("round.decimals", this, decimals);
        public Tensor softplus(double beta = 1, double threshold = 20) => Op.Call("softplus", this, beta, threshold);
        public Tensor leaky_relu(Scalar negative_slope) => Op.Call("leaky_relu", this, negative_slope);
        public Tensor silu() => Op.Call("silu", this);
        public Tensor gelu() => Op.Call("gelu", this, "none");
        public Tensor elu(double alpha = 1) => Op.Call("elu", this, alpha, 1, 1);
        public Tensor log_sigmoid() => Op.Call("log_sigmoid", this);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Op.Call("softmax.int", this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Op.Call("log_softmax.int", this, dim, dtype);
        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => Op.Call("nan_to_num", this, nan, posinf, neginf);

        public Tensor add(Tensor target) => Op.Call("add.Tensor", this, target, 1);
        public Tensor add(Scalar scalar) => Op.Call("add.Scalar", this, scalar, 1);
        public Tensor sub(Tensor target) => Op.Call("sub.Tensor", this, target, 1);
        public Tensor sub(Scalar target) => Op.Call("sub.Scalar", this, target, 1);
        public Tensor add(Tensor target, Scalar alpha) => Op.Call("add.Tensor", this, target, alpha);
        public Tensor add(Scalar scalar, Scalar alpha) => Op.Call("add.Scalar", this, scalar, alpha);
        public Tensor mul(Tensor target) => Op.Call("mul.Tensor", this, target);
        public Tensor mul(Scalar target) => Op.Call("mul.Scalar", this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Op.Call("div.Tensor_mode", this, target, Mode(rounding_mode));
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Op.Call("div.Scalar_mode", this, target, Mode(rounding_mode));
        public Tensor floor_divide(Tensor other) => Op.Call("floor_divide", this, other);
        public Tensor remainder(Tensor target) => Op.Call("remainder.Tensor", this, target);
        public Tensor remainder(Scalar scalar) => Op.Call("remainder.Scalar", this, scalar);
        public Tensor pow(Tensor exponent) => Op.Call("pow.Tensor_Tensor", this, exponent);
        public Tensor pow(Scalar exponent) => Op.Call("pow.Tensor_Scalar", this, exponent);
        public Tensor maximum(Tensor other) => Op.Call("maximum", this, other);
        public Tensor minimum(Tensor other) => Op.Call("minimum", this, other);
        public Tensor atan2(Tensor other) => Op.Call("atan2", this, other);
        public Tensor lerp(Tensor end, Tensor weight) => Op.Call("lerp.Tensor", this, end, weight);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Call("addcmul", this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Op.Call("addcdiv", this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Op.Call("addcdiv", this, tensor1, tensor2, 1);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Op.Call("clamp", this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Op.Call("clamp.Tensor", this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        public Tensor clamp_min(Scalar min) => Op.Call("clamp_min", this, min);
        public Tensor clamp_max(Scalar max) => Op.Call("clamp_max", this, max);
        public Tensor where(Tensor condition, Tensor y) => Op.Call("where.self", condition, this, y);
        public Tensor masked_fill(Tensor mask, Scalar value) => Op.Call("masked_fill.Scalar", this, mask, value);

        public Tensor eq(Tensor target) => Op.Call("eq.Tensor", this, target);
        public Tensor eq(Scalar target) => Op.Call("eq.Scalar", this, target);
        public Tensor ne(Tensor target) => Op.Call("ne.Tensor", this, target);
        public Tensor ne(Scalar target) => Op.Call("ne.Scalar", this, target);
        public Tensor lt(Tensor target) => Op.Call("lt.Tensor", this, target);
        public Tensor lt(Scalar target) => Op.Call("lt.Scalar", this, target);
        public Tensor le(Tensor target) => Op.Call("le.Tensor", this, target);
        public Tensor le(Scalar target) => Op.Call("le.Scalar", this, target);
        public Tensor gt(Tensor target) => Op.Call("gt.Tensor", this, target);
        public Tensor gt(Scalar target) => Op.Call("gt.Scalar", this, target);
        public Tensor ge(Tensor target) => Op.Call("ge.Tensor", this, target);
        public Tensor ge(Scalar target) => Op.Call("ge.Scalar", this, target);
        public Tensor isclose(Tensor other, double rtol = 1e-5, double atol = 1e-8, bool nanEqual = false) => Op.Call("isclose", this, other, rtol, atol, nanEqual);
        public bool allclose(Tensor target, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) => Op.CallBool("allclose", this, target, rtol, atol, equal_nan);
        /// <summary>One bool tensor that says whether both have the same shape and elements.</summary>
        public Tensor equal(Tensor target) => tensor(Op.CallBool("equal", this, target));
        public Tensor logical_and(Tensor other) => Op.Call("logical_and", this, other);
        public Tensor logical_or(Tensor other) => Op.Call("logical_or", this, other);
        public Tensor logical_xor(Tensor other) => Op.Call("logical_xor", this, other);
        public Tensor bitwise_and(Tensor other) => Op.Call("bitwise_and.Tensor", this, other);
        public Tensor bitwise_or(Tensor other) => Op.Call("bitwise_or.Tensor", this, other);
        public Tensor bitwise_xor(Tensor other) => Op.Call("bitwise_xor.Tensor", this, other);
        public Tensor bitwise_not() => Op.Call("bitwise_not", this);

        private static string? Mode(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();
    }
}
