using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public abstract class Convolution : nn.Module<Tensor, Tensor>
    {
        private protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
            : base(name)
        {
            if (in_channels % groups != 0 || out_channels % groups != 0)
                throw new ArgumentException($"{in_channels} input and {out_channels} output channels must be divisible by groups = {groups}");
            this.in_channels = in_channels;
            this.out_channels = out_channels;
            this.kernel_size = kernel_size;
            this.stride = stride;
            this.padding = padding;
            this.padding_type = padding_type;
            this.dilation = dilation;
            this.groups = groups;
            this.padding_mode = padding_mode;
            SetOwn("weight", new Parameter(empty([out_channels, in_channels / groups, .. kernel_size], dtype, device)));
            if (bias)
                SetOwn("bias", new Parameter(empty([out_channels], dtype, device)));
            reset_parameters();
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

        public long in_channels { get; }
        public long out_channels { get; }
        public long[] kernel_size { get; set; }
        public long[] stride { get; set; }
        public long[] padding { get; }
        public Padding? padding_type { get; }
        public long[] dilation { get; set; }
        public long groups { get; set; }
        public PaddingModes padding_mode { get; set; }

        public void reset_parameters()
        {
            nn.init.kaiming_uniform_(weight, a: Math.Sqrt(5));
            nn.init.UniformByFanIn(bias, weight);
        }

        /// <summary>The padding in the order of <see cref="nn.functional.pad(Tensor, long[], PaddingModes, double)"/>: last dimension first, before and after.</summary>
        private protected long[] PaddingBothSides()
        {
            var both = new long[2 * kernel_size.Length];
            for (var d = 0; d < kernel_size.Length; d++)
            {
                var total = padding_type switch
                {
                    Padding.Same => dilation[d] * (kernel_size[d] - 1),
                    Padding.Valid => 0,
                    _ => 2 * padding[d],
                };
                var place = 2 * (kernel_size.Length - 1 - d);
                both[place] = total / 2;
                both[place + 1] = total - total / 2;
            }
            return both;
        }
    }

    public sealed class Conv1d : Convolution
    {
        internal Conv1d(long in_channels, long out_channels, long kernel_size, long stride, long padding, Padding? padding_type, long dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(Conv1d), in_channels, out_channels, [kernel_size], [stride], [padding], padding_type, [dilation], groups, bias, padding_mode, device, dtype)
        {
        }

        public override Tensor forward(Tensor input)
        {
            if (padding_mode == PaddingModes.Zeros)
                return padding_type is { } type
                    ? Op.Call("conv1d.padding", input, weight, bias, stride, type == Padding.Same ? "same" : "valid", dilation, groups)
                    : Op.Call("bridge::conv1d", input, weight, bias, stride, padding, dilation, groups);
            using var padded = nn.functional.pad(input, PaddingBothSides(), padding_mode);
            return Op.Call("bridge::conv1d", padded, weight, bias, stride, new long[] { 0 }, dilation, groups);
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
            public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, null, dilation, padding_mode, groups, bias, device, dtype);

            public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, 0, padding, dilation, padding_mode, groups, bias, device, dtype);
        }
    }
}
