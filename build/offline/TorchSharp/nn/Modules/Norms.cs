using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public abstract class NormBase : nn.Module<Tensor, Tensor>
    {
        public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name) : base(name)
        {
            this.num_features = num_features;
            this.eps = eps;
            this.momentum = momentum;
            this.affine = affine;
            this.track_running_stats = track_running_stats;
            if (affine)
            {
                SetOwn("weight", new Parameter(empty([num_features], dtype, device)));
                SetOwn("bias", new Parameter(empty([num_features], dtype, device)));
            }
            if (track_running_stats)
            {
                SetOwnBuffer("running_mean", zeros([num_features], dtype, device));
                SetOwnBuffer("running_var", ones([num_features], dtype, device));
                SetOwnBuffer("num_batches_tracked", tensor(0L, device: device));
            }
            reset_parameters();
        }

        public Parameter? weight
        {
            get => Own("weight");
            set => SetOwn("weight", value);
        }

        public Parameter? bias
        {
            get => Own("bias");
            set => SetOwn("bias", value);
        }

        public Tensor? running_mean
        {
            get => OwnBuffer("running_mean");
            set => SetOwnBuffer("running_mean", value!);
        }

        public Tensor? running_var
        {
            get => OwnBuffer("running_var");
            set => SetOwnBuffer("running_var", value!);
        }

        public Tensor? num_batches_tracked
        {
            get => OwnBuffer("num_batches_tracked");
            set => SetOwnBuffer("num_batches_tracked", value!);
        }

        public long num_features { get; }
        public double eps { get; set; }
        public double? momentum { get; set; }
        public bool affine { get; }
        public bool track_running_stats { get; }

        protected abstract void ValidateInputDimensions(Tensor input);

        public void reset_running_stats()
        {
            running_mean?.zero_();
            running_var?.fill_(1);
            num_batches_tracked?.zero_();
        }

        public void reset_parameters()
        {
            reset_running_stats();
            if (!affine)
                return;
            nn.init.ones_(weight!);
            nn.init.zeros_(bias!);
        }
    }

    public abstract class BatchNorm : NormBase
    {
        public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
        {
        }

        public override Tensor forward(Tensor input)
        {
            ValidateInputDimensions(input);
            var average = momentum ?? 0;
            if (training && track_running_stats)
            {
                using var _ = no_grad();
                num_batches_tracked!.add_(1);
                average = momentum ?? 1.0 / num_batches_tracked.item<long>();
            }
            return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training || !track_running_stats, average, eps);
        }
    }

    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
        {
        }

        protected override void ValidateInputDimensions(Tensor input)
        {
            if (input.ndim is not (2 or 3))
                throw new ArgumentException($"expected 2D or 3D input, but got {input.ndim}D input.");
        }
    }

    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
        {
            this.normalized_shape = normalized_shape;
            this.eps = eps;
            this.elementwise_affine = elementwise_affine;
            if (elementwise_affine)
            {
                SetOwn("weight", new Parameter(empty(normalized_shape, dtype, device)));
                if (bias)
                    SetOwn("bias", new Parameter(empty(normalized_shape, dtype, device)));
            }
            reset_parameters();
        }

        public Parameter? weight
        {
            get => Own("weight");
            set => SetOwn("weight", value);
        }

        public Parameter? bias
        {
            get => Own("bias");
            set => SetOwn("bias", value);
        }

        public long[] normalized_shape { get; set; }
        public double eps { get; set; }
        public bool elementwise_affine { get; set; }

        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, normalized_shape, weight, bias, eps);

        public void reset_parameters()
        {
            if (weight is { } scale)
                nn.init.ones_(scale);
            if (bias is { } shift)
                nn.init.zeros_(shift);
        }
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);
        }
    }
}
