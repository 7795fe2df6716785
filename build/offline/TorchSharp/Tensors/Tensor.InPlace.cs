namespace TorchSharp;

public static partial class torch
{
    // What changes the tensor itself, and returns it.
    public partial class Tensor
    {
        public Tensor abs_()
        {
            Op.Do("abs_", this);
            return this;
        }

        public Tensor neg_()
        {
            Op.Do("neg_", this);
            return this;
        }

        public Tensor exp_()
        {
            Op.Do("exp_", this);
            return this;
        }

        public Tensor log_()
        {
            Op.Do("log_", this);
            return this;
        }

        public Tensor log1p_()
        {
            Op.Do("log1p_", this);
            return this;
        }

        public Tensor sqrt_()
        {
            Op.Do("sqrt_", this);
            return this;
        }

        public Tensor rsqrt_()
        {
            Op.Do("rsqrt_", this);
            return this;
        }

        public Tensor reciprocal_()
        {
            Op.Do("reciprocal_", this);
            return this;
        }

        public Tensor sigmoid_()
        {
            Op.Do("sigmoid_", this);
            return this;
        }

        public Tensor tanh_()
        {
            Op.Do("tanh_", this);
            return this;
        }

        public Tensor relu_()
        {
            Op.Do("relu_", this);
            return this;
        }

        public Tensor sin_()
        {
            Op.Do("sin_", this);
            return this;
        }

        public Tensor cos_()
        {
            Op.Do("cos_", this);
            return this;
        }

        public Tensor floor_()
        {
            Op.Do("floor_", this);
            return this;
        }

        public Tensor ceil_()
        {
            Op.Do("ceil_", this);
            return this;
        }

        public Tensor trunc_()
        {
            Op.Do("trunc_", this);
            return this;
        }

        public Tensor logical_not_()
        {
            Op.Do("logical_not_", this);
            return this;
        }

        public Tensor zero_()
        {
            Op.Do("zero_", this);
            return this;
        }

        public Tensor fill_(Scalar value)
        {
            Op.Do("fill_.Scalar", this, value);
            return this;
        }

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            Op.Do("copy_", this, source, nonBlocking);
            return this;
        }

        public Tensor add_(Tensor target)
        {
            Op.Do("add_.Tensor", this, target, 1);
            return this;
        }

        public Tensor add_(Scalar scalar)
        {
            Op.Do("add_.Scalar", this, scalar, 1);
            return this;
        }

        public Tensor sub_(Tensor target)
        {
            Op.Do("sub_.Tensor", this, target, 1);
            return this;
        }

        public Tensor sub_(Scalar target)
        {
            Op.Do("sub_.Scalar", this, target, 1);
            return this;
        }

        public Tensor add_(Tensor target, Scalar alpha)
        {
            Op.Do("add_.Tensor", this, target, alpha);
            return this;
        }

        public Tensor add_(Scalar scalar, Scalar alpha)
        {
            Op.Do("add_.Scalar", this, scalar, alpha);
            return this;
        }

        public Tensor mul_(Tensor target)
        {
            Op.Do("mul_.Tensor", this, target);
            return this;
        }

        public Tensor mul_(Scalar target)
        {
            Op.Do("mul_.Scalar", this, target);
            return this;
        }

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            Op.Do("div_.Tensor_mode", this, target, Mode(rounding_mode));
            return this;
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            Op.Do("div_.Scalar_mode", this, target, Mode(rounding_mode));
            return this;
        }

        public Tensor pow_(Scalar exponent)
        {
            Op.Do("pow_.Scalar", this, exponent);
            return this;
        }

        public Tensor pow_(Tensor exponent)
        {
            Op.Do("pow_.Tensor", this, exponent);
            return this;
        }

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            Op.Do("clamp_", this, min, max);
            return this;
        }

        public Tensor clamp_min_(Scalar min)
        {
            Op.Do("clamp_min_", this, min);
            return this;
        }

        public Tensor clamp_max_(Scalar max)
        {
            Op.Do("clamp_max_", this, max);
            return this;
        }

        public Tensor lerp_(Tensor end, Tensor weight)
        {
            Op.Do("lerp_.Tensor", this, end, weight);
            return this;
        }

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            Op.Do("addcmul_", this, tensor1, tensor2, value);
            return this;
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            Op.Do("addcdiv_", this, tensor1, tensor2, value);
            return this;
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2)
        {
            Op.Do("addcdiv_", this, tensor1, tensor2, 1);
            return this;
        }

        public Tensor masked_fill_(Tensor mask, Scalar value)
        {
            Op.Do("masked_fill_.Scalar", this, mask, value);
            return this;
        }

        public Tensor leaky_relu_(Scalar negative_slope)
        {
            Op.Do("leaky_relu_", this, negative_slope);
            return this;
        }

        public Tensor silu_()
        {
            Op.Do("silu_", this);
            return this;
        }

        public Tensor gelu_()
        {
            Op.Do("gelu_", this, "none");
            return this;
        }

        public Tensor elu_(double alpha = 1)
        {
            Op.Do("elu_", this, alpha, 1, 1);
            return this;
        }

        public Tensor round_(long decimals = 0)
        {
            Op.Do("round_.decimals", this, decimals);
            return this;
        }

        public Tensor index_copy_(long dim, Tensor index, Tensor source)
        {
            Op.Do("index_copy_", this, dim, index, source);
            return this;
        }

        public Tensor index_fill_(long dim, Tensor index, Scalar value)
        {
            Op.Do("index_fill_.int_Scalar", this, dim, index, value);
            return this;
        }

        public Tensor scatter_(long dim, Tensor index, Tensor src)
        {
            Op.Do("scatter_.src", this, dim, index, src);
            return this;
        }

        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            Op.Do("uniform_", this, from, to, generator);
            return this;
        }

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null)
        {
            Op.Do("normal_", this, mean, std, generator);
            return this;
        }

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null)
        {
            Op.Do("bernoulli_.float", this, p, generator);
            return this;
        }

        public Tensor unsqueeze_(long dim)
        {
            Op.Do("unsqueeze_", this, dim);
            return this;
        }
    }
}
