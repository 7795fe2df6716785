using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Scoring;

namespace SignalCam.Torch.Explainers;

/// <summary>Options of <see cref="IntegratedGradientsExplainer"/>.</summary>
internal sealed class IntegratedGradientsOptions : ExplainerOptions
{
    /// <summary>Most gradients for one recording and class. Default 64.</summary>
    [Range(9, 10000)]
    public int MaxSteps { get; set; } = 64;

    /// <summary>
    /// The completeness error that is good enough, as a share of the logit's difference between recording and baseline. Default 0.01.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Tolerance { get; set; } = 0.01;
}

/// <summary>
/// "integrated-gradients" (Sundararajan et al. 2017, arXiv 1703.01365, eq. 1): the prepared samples times the gradient's mean on the
/// straight way from the zero recording, a flat line, to the recording. By lead and signed; the strip is the sum over the leads.
/// </summary>
/// <remarks>
/// <para>Promises that the map adds up to the difference of the two logits; the error is in <see cref="HeatMap.CompletenessError"/>.</para>
/// <para>The integral is a sum over nodes that are chosen as it goes: the logit at both ends of a piece says what the gradients there
/// should have added up to. That divides the piece between the two gradients, and the pieces that are still farthest off are halved, until
/// the whole is within the tolerance or the most steps are taken. Safe for concurrent callers.</para>
/// </remarks>
internal sealed class IntegratedGradientsExplainer(
    IntegratedGradientsOptions? options = null) : BuiltInExplainer(ExplainerName, options ?? new IntegratedGradientsOptions())
{
    /// <summary>The name: "integrated-gradients".</summary>
    public const string ExplainerName = "integrated-gradients";

    // Equal pieces to begin with, and most pieces that are halved at once.
    private const int Pieces = 8;

    // Gradients in one pass.
    private const int Rows = 64;

    private readonly IntegratedGradientsOptions _options = options ?? new IntegratedGradientsOptions();

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var maps = new List<RawMap>(batch.Count);
        // Some recordings at a time: a recording's gradients are held until its way is done.
        for (var from = 0; from < batch.Count; from += Pieces)
        {
            var ways = Enumerable.Range(from, Math.Min(Pieces, batch.Count - from)).Select(i => new Way(i)).ToArray();
            var wanted = ways.SelectMany(way => Enumerable.Range(0, Pieces + 1).Select(k => (way, k / (double)Pieces))).ToList();
            while (wanted.Count > 0)
            {
                foreach (var chunk in wanted.Chunk(Rows))
                    Evaluate(batch, chunk);
                wanted = [.. ways.SelectMany(way => way.Next(_options).Select(position => (way, position)))];
            }
            maps.AddRange(ways.Select(way => Map(batch, way)));
        }
        return maps;
    }

    private static void Evaluate(ClassBatch batch, (Way Way, double Position)[] nodes)
    {
        var (samples, classes) = (new float[nodes.Length * batch.Size], new int[nodes.Length]);
        for (var n = 0; n < nodes.Length; n++)
        {
            System.Numerics.Tensors.TensorPrimitives.Multiply(
                batch.Recording(nodes[n].Way.Recording), (float)nodes[n].Position, samples.AsSpan(n * batch.Size, batch.Size));
            classes[n] = batch.Classes[nodes[n].Way.Recording];
        }
        var (logits, gradients) = Gradients.OfInput(batch.Model, samples, classes);
        for (var n = 0; n < nodes.Length; n++)
            nodes[n].Way.Add(nodes[n].Position, logits[n], gradients[(n * batch.Size)..((n + 1) * batch.Size)],
                batch.Recording(nodes[n].Way.Recording));
    }

    private RawMap Map(ClassBatch batch, Way way)
    {
        var (map, sum) = way.Integrate(batch.Recording(way.Recording));
        return LeadMaps.Create(batch.Name(way.Recording), Name, map, batch.Leads, HeatMapSign.ForAndAgainst, HeatMapUnits.Logit,
            Completeness.Error(sum, way.Difference));
    }

    /// <summary>The straight way from the baseline to one recording, with the nodes at which the gradient is known.</summary>
    private sealed class Way(int recording)
    {
        private readonly SortedList<double, Node> _nodes = [];

        public int Recording => recording;

        public double Difference => (double)_nodes.Values[^1].Logit - _nodes.Values[0].Logit;

        public void Add(double position, float logit, float[] gradient, ReadOnlySpan<float> samples)
        {
            var slope = 0.0;
            for (var k = 0; k < gradient.Length; k++)
                slope += (double)gradient[k] * samples[k];
            _nodes.Add(position, new Node(logit, slope, gradient));
        }

        /// <summary>Where gradients are wanted next; none when the sum is good enough or there have been enough of them.</summary>
        public IEnumerable<double> Next(IntegratedGradientsOptions options)
        {
            var (positions, nodes) = (_nodes.Keys, _nodes.Values);
            var errors = new double[nodes.Count - 1];
            for (var j = 0; j < errors.Length; j++)
                errors[j] = Part(j) * nodes[j].Slope + (positions[j + 1] - positions[j] - Part(j)) * nodes[j + 1].Slope
                    - ((double)nodes[j + 1].Logit - nodes[j].Logit);
            if (Math.Abs(errors.Sum()) <= options.Tolerance * Math.Abs(Difference))
                return [];
            return [.. Enumerable.Range(0, errors.Length).OrderByDescending(j => Math.Abs(errors[j]))
                .Take(Math.Clamp(options.MaxSteps - nodes.Count, 0, Pieces)).Select(j => (positions[j] + positions[j + 1]) / 2)];
        }

        /// <summary>
        /// How much of a piece belongs to the gradient at its beginning. A network of convolutions, leaky ReLU and pooling is linear in
        /// pieces, so its gradient jumps; where it jumps once, the logits at both ends say where. Half where there is nothing to tell.
        /// </summary>
        private double Part(int piece)
        {
            var (positions, nodes) = (_nodes.Keys, _nodes.Values);
            var (width, here, next) = (positions[piece + 1] - positions[piece], nodes[piece].Slope, nodes[piece + 1].Slope);
            var part = ((double)nodes[piece + 1].Logit - nodes[piece].Logit - width * next) / (here - next);
            return double.IsFinite(part) ? Math.Clamp(part, 0, width) : width / 2;
        }

        public (float[] Map, double Sum) Integrate(ReadOnlySpan<float> samples)
        {
            var (positions, nodes) = (_nodes.Keys, _nodes.Values);
            var mean = new double[samples.Length];
            for (var j = 0; j < nodes.Count; j++)
            {
                var weight = (j < nodes.Count - 1 ? Part(j) : 0) + (j > 0 ? positions[j] - positions[j - 1] - Part(j - 1) : 0);
                for (var k = 0; k < mean.Length; k++)
                    mean[k] += weight * nodes[j].Gradient[k];
            }
            var map = new float[samples.Length];
            var sum = 0.0;
            for (var k = 0; k < map.Length; k++)
            {
                map[k] = (float)(mean[k] * samples[k]);
                sum += map[k];
            }
            return (map, sum);
        }

        /// <summary>A place on the way.</summary>
        /// <param name="Logit">The class's logit there.</param>
        /// <param name="Slope">Its derivative along the way.</param>
        /// <param name="Gradient">Its gradient (lead, time).</param>
        private sealed record Node(float Logit, double Slope, float[] Gradient);
    }
}
