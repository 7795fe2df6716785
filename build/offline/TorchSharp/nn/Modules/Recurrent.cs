using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class GRU : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly RecurrentWeights weights;

        internal GRU(RecurrentWeights weights) : base(nameof(GRU))
        {
            this.weights = weights;
            foreach (var (name, weight) in weights.Create(gates: 3))
                register_parameter(name, weight);
        }

        public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null)
        {
            using var start = h0 is null ? weights.Zeros(input) : h0.alias();
            return Op.Call2("gru.input", input, start, parameters().ToArray<Tensor>(), weights.Bias, weights.Layers, weights.Dropout, training, weights.Bidirectional, weights.BatchFirst);
        }

        public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => forward(input, h0);
    }

    public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
    {
        private readonly RecurrentWeights weights;

        internal LSTM(RecurrentWeights weights) : base(nameof(LSTM))
        {
            this.weights = weights;
            foreach (var (name, weight) in weights.Create(gates: 4))
                register_parameter(name, weight);
        }

        public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
        {
            using var hidden = h0_c0 is { } given ? given.Item1.alias() : weights.Zeros(input);
            using var cell = h0_c0 is { } also ? also.Item2.alias() : weights.Zeros(input);
            return Op.Call3("lstm.input", input, new[] { hidden, cell }, parameters().ToArray<Tensor>(), weights.Bias, weights.Layers, weights.Dropout, training, weights.Bidirectional, weights.BatchFirst);
        }

        public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => forward(input, h0_c0);
    }

    /// <summary>What the recurrent layers have in common: sizes, and weights in the order in which libtorch wants them.</summary>
    internal sealed record RecurrentWeights(long Input, long Hidden, long Layers, bool Bias, bool BatchFirst, double Dropout, bool Bidirectional, Device? Device, ScalarType? Type)
    {
        internal IEnumerable<(string Name, Parameter Weight)> Create(int gates)
        {
            var bound = 1 / Math.Sqrt(Hidden);
            Parameter Uniform(params long[] shape) => new(nn.init.uniform_(empty(shape, Type, Device), -bound, bound));
            for (var layer = 0L; layer < Layers; layer++)
            {
                var width = layer == 0 ? Input : Hidden * Directions;
                foreach (var suffix in Bidirectional ? new[] { "", "_reverse" } : [""])
                {
                    yield return ($"weight_ih_l{layer}{suffix}", Uniform(gates * Hidden, width));
                    yield return ($"weight_hh_l{layer}{suffix}", Uniform(gates * Hidden, Hidden));
                    if (!Bias)
                        continue;
                    yield return ($"bias_ih_l{layer}{suffix}", Uniform(gates * Hidden));
                    yield return ($"bias_hh_l{layer}{suffix}", Uniform(gates * Hidden));
                }
            }
        }

        internal Tensor Zeros(Tensor input) => zeros([Layers * Directions, input.size(BatchFirst ? 0 : 1), Hidden], input.dtype, input.device);

        private long Directions => Bidirectional ? 2 : 1;
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(new RecurrentWeights(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype));

            public static LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(new RecurrentWeights(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype));
        }
    }
}
