using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Onnx;

/// <summary>
/// Writes recursive filters as matrix products. ONNX has no recursion over samples except loops; instead, a lead is cut into blocks, over
/// which the cascade is linear in the block's samples and in its initial state, and the initial states of all blocks are linear in the
/// final states of their predecessors.
/// </summary>
internal sealed class OnnxFilter
{
    private static readonly OnnxAttribute s_alongTime = OnnxAttribute.Of("axis", 2L);

    private readonly OnnxGraph _onnx;
    private readonly string _step;
    private readonly BlockMatrices _matrices;
    private readonly int _extended;

    private OnnxFilter(OnnxGraph onnx, string step, SectionCascade cascade, int extended)
    {
        (_onnx, _step, _extended) = (onnx, step, extended);
        _matrices = new BlockMatrices(cascade.Sections, extended);
    }

    /// <summary>Adds the filter; returns the name of the filtered signals.</summary>
    /// <param name="onnx">The graph.</param>
    /// <param name="step">Prefix of the names of intermediate values.</param>
    /// <param name="cascade">The filter.</param>
    /// <param name="length">Samples per lead, more than the cascade's extension.</param>
    /// <param name="x">The signals (batch, lead, time) in double precision.</param>
    public static string Add(OnnxGraph onnx, string step, SectionCascade cascade, int length, string x)
    {
        var extension = cascade.Extension;
        var filter = new OnnxFilter(onnx, step, cascade, length + 2 * extension);
        var padded = filter._matrices.Padded;
        if (extension == 0)
        {
            var forward = filter.Pass(filter.Gather(x, "filled", padded, t => Math.Min(t, length - 1)), "forward_");
            return filter.Gather(forward, "result", length, t => t);
        }
        var there = filter.Pass(filter.Extend(x, length, extension), "forward_");
        var back = filter.Pass(filter.Gather(there, "reversed", padded, t => Math.Max(0, filter._extended - 1 - t)), "backward_");
        return filter.Gather(back, "result", length, t => filter._extended - 1 - extension - t);
    }

    /// <summary>Odd reflection at both ends, as in the transform, followed by zeros that fill the last block.</summary>
    private string Extend(string x, int length, int extension)
    {
        var (sign, first, last) = (new double[_matrices.Padded], new double[_matrices.Padded], new double[_matrices.Padded]);
        for (var t = 0; t < _extended; t++)
        {
            var isLeft = t < extension;
            var isRight = t >= extension + length;
            (sign[t], first[t], last[t]) = (isLeft || isRight ? -1 : 1, isLeft ? 2 : 0, isRight ? 2 : 0);
        }
        var gathered = Gather(x, "reflected", _matrices.Padded, t =>
            t >= _extended ? 0 : t < extension ? extension - t : t < extension + length ? t - extension : 2 * (length - 1) + extension - t);
        var turned = Op("Mul", "turned", gathered, Row("signs", sign));
        var left = Op("Mul", "left", Gather(x, "first", 1, _ => 0), Row("first_share", first));
        var right = Op("Mul", "right", Gather(x, "last", 1, _ => length - 1), Row("last_share", last));
        return Op("Add", "extended", Op("Add", "extended_left", turned, left), right);
    }

    private string Pass(string x, string pass)
    {
        var (block, blocks, states) = (_matrices.Block, _matrices.Blocks, _matrices.States);
        var cut = Op("Reshape", pass + "blocks", x, Shape("by_block", blocks, block));
        var left = Op("MatMul", pass + "left_behind", cut, Matrix("to_state", [block, states], _matrices.ToState));
        left = Op("Reshape", pass + "left_in_a_row", left, Shape("states_in_a_row", 1, blocks * states));
        var first = Op("Reshape", pass + "first_as_row", Gather(x, pass + "first", 1, _ => 0), Shape("one", 1, 1));
        var begun = Op("Add", pass + "states_in_a_row",
            Op("MatMul", pass + "carried", left, Matrix("carry", [blocks * states, blocks * states], _matrices.Carry)),
            Op("Mul", pass + "settled", first, Matrix("steady", [1, blocks * states], _matrices.Steady)));
        var state = Op("Reshape", pass + "states", begun, Shape("states_by_block", blocks, states));
        var filtered = Op("Add", pass + "filtered_blocks",
            Op("MatMul", pass + "of_samples", cut, Matrix("to_output", [block, block], _matrices.ToOutput)),
            Op("MatMul", pass + "of_states", state, Matrix("state_to_output", [states, block], _matrices.StateToOutput)));
        return Op("Reshape", pass + "filtered", filtered, _onnx.Constant(_step + "in_a_row", 0, 0, _matrices.Padded));
    }

    private string Gather(string x, string name, int count, Func<int, int> from)
    {
        var places = new long[count];
        for (var t = 0; t < count; t++)
            places[t] = from(t);
        return _onnx.Add("Gather", _step + name, [x, _onnx.Constant(_step + name + "_places", places)], s_alongTime);
    }

    private string Op(string operation, string name, string first, string second) => _onnx.Add(operation, _step + name, [first, second]);

    private string Shape(string name, int rows, int columns) => _onnx.Constant(_step + name, 0, 0, rows, columns);

    private string Row(string name, double[] values) => _onnx.Constant(_step + name, [values.Length], values);

    private string Matrix(string name, long[] shape, double[] values) => _onnx.Constant(_step + name, shape, values);

    /// <summary>What the cascade does to a block, found by running it on ones; row vectors are multiplied from the left.</summary>
    private sealed class BlockMatrices
    {
        private readonly IReadOnlyList<SecondOrderSection> _sections;

        public BlockMatrices(IReadOnlyList<SecondOrderSection> sections, int length)
        {
            _sections = sections;
            States = 2 * sections.Count;
            // Blocks that make the square of their samples as large as that of their states.
            Block = Math.Clamp((int)Math.Ceiling(Math.Sqrt((double)length * States)), 1, length);
            Blocks = (length + Block - 1) / Block;
            ToOutput = new double[Block * Block];
            ToState = new double[Block * States];
            for (var t = 0; t < Block; t++)
            {
                var state = new double[States];
                for (var u = t; u < Block; u++)
                    ToOutput[t * Block + u] = Step(u == t ? 1 : 0, state);
                state.CopyTo(ToState, t * States);
            }
            StateToOutput = new double[States * Block];
            var next = new double[States * States];
            for (var k = 0; k < States; k++)
            {
                var state = new double[States];
                state[k] = 1;
                for (var u = 0; u < Block; u++)
                    StateToOutput[k * Block + u] = Step(0, state);
                state.CopyTo(next, k * States);
            }
            (Carry, Steady) = Chain(next);
        }

        public int States { get; }

        public int Block { get; }

        public int Blocks { get; }

        public int Padded => Block * Blocks;

        /// <summary>(sample of the block, sample of the block).</summary>
        public double[] ToOutput { get; }

        /// <summary>(sample of the block, state behind it).</summary>
        public double[] ToState { get; }

        /// <summary>(state before the block, sample of the block).</summary>
        public double[] StateToOutput { get; }

        /// <summary>(what each block leaves behind, states before each block).</summary>
        public double[] Carry { get; }

        /// <summary>The states before each block of a lead that was always 1 before, and is 0 from then on.</summary>
        public double[] Steady { get; }

        private (double[] Carry, double[] Steady) Chain(double[] next)
        {
            var width = Blocks * States;
            var (carry, steady) = (new double[width * width], new double[width]);
            var settled = SteadyState();
            var power = Identity();
            for (var distance = 0; distance < Blocks; distance++)
            {
                for (var from = 0; from + distance + 1 < Blocks; from++)
                    for (var row = 0; row < States; row++)
                        for (var column = 0; column < States; column++)
                            carry[(from * States + row) * width + (from + distance + 1) * States + column] = power[row * States + column];
                for (var column = 0; column < States; column++)
                    for (var row = 0; row < States; row++)
                        steady[distance * States + column] += settled[row] * power[row * States + column];
                power = Multiply(power, next);
            }
            return (carry, steady);
        }

        private double Step(double x, double[] state)
        {
            for (var s = 0; s < _sections.Count; s++)
            {
                var section = _sections[s];
                var y = section.B0 * x + state[2 * s];
                state[2 * s] = section.B1 * x - section.A1 * y + state[2 * s + 1];
                state[2 * s + 1] = section.B2 * x - section.A2 * y;
                x = y;
            }
            return x;
        }

        private double[] SteadyState()
        {
            var state = new double[States];
            var x = 1.0;
            for (var s = 0; s < _sections.Count; s++)
            {
                var (section, y) = (_sections[s], x * _sections[s].ConstantGain);
                (state[2 * s], state[2 * s + 1], x) = (y - section.B0 * x, section.B2 * x - section.A2 * y, y);
            }
            return state;
        }

        private double[] Identity()
        {
            var identity = new double[States * States];
            for (var k = 0; k < States; k++)
                identity[k * States + k] = 1;
            return identity;
        }

        private double[] Multiply(double[] first, double[] second)
        {
            var product = new double[States * States];
            for (var row = 0; row < States; row++)
                for (var k = 0; k < States; k++)
                    for (var column = 0; column < States; column++)
                        product[row * States + column] += first[row * States + k] * second[k * States + column];
            return product;
        }
    }
}
