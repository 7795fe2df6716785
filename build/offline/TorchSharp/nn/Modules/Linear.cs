using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        internal Linear(long in_features, long out_features, bool bias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            this.in_features = in_features;
            this.out_features = out_features;
            SetOwn("weight", new Parameter(empty([out_features, in_features], dtype, device)));
            nn.init.kaiming_uniform_(weight, a: Math.Sqrt(5));
            if (bias)
                SetOwn("bias", new Parameter(empty([out_features], dtype, device)));
            nn.init.UniformByFanIn(this.bias, weight);
        }

        internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
        {
            out_features = weight.shape[0];
            in_features = weight.shape[1];
            SetOwn("weight", weight);
            SetOwn("bias", bias);
        }

        public Parameter weight
        {
            get => Own("weight")!;
            set => SetOwn("weight", value);
        }

        public Parameter? bias
        {
            get => Own("bias");
            set => SetOwn("bias", value);
        }

        public long in_features { get; set; }

        public long out_features { get; set; }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) => new(inputSize, outputSize, hasBias, device, dtype);

            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);

            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
