using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Fuzz.Graphs;

/// <summary>Random valid graphs: the compiled scorer's logits and maps against the plain reference's.</summary>
public sealed class RandomGraphKind : FuzzKind
{
    /// <summary>How far numbers may be from the reference's, which are about one; of larger ones, relative to the largest.</summary>
    public const double Tolerance = 1e-4;

    // By how much samples are changed to see whether a network blows rounding errors up, and by how much its numbers may change then.
    private const double Change = 1e-6;
    private const double MostChange = 1e-5;

    private static readonly VectorWidth[] s_widths =
        [VectorWidth.V128, VectorWidth.V256, VectorWidth.V512, VectorWidth.Checked128, VectorWidth.Checked256, VectorWidth.Checked512];

    /// <inheritdoc/>
    public override string Name => "graph";

    /// <inheritdoc/>
    public override string Description => "random valid layer graphs: compiled scorer against a plain reference, within 1e-4";

    /// <inheritdoc/>
    public override int Share => 3;

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        for (var attempt = 0UL; ; attempt++)
        {
            var file = RandomGraph.Create(seed + (attempt << 40));
            var random = new EcgRandom(seed ^ 0x5151);
            var samples = new float[file.Manifest.Leads.Count * file.Manifest.Length];
            foreach (ref var sample in samples.AsSpan())
                sample = (float)random.Normal();
            var expected = Outputs(new ReferenceNetwork(file, samples));
            if (IsSteady(file, samples, expected, random))
            {
                var width = s_widths[random.Below(s_widths.Length)];
                Compare(Found(CompiledScorer.Create(file, new Preprocessor(), width), samples), expected, width);
                return;
            }
        }
    }

    /// <summary>Whether the network does not blow up what no computation in single precision can avoid.</summary>
    public static bool IsSteady(ModelFile file, float[] samples, EcgRandom random) =>
        IsSteady(file, samples, Outputs(new ReferenceNetwork(file, samples)), random);

    private static bool IsSteady(ModelFile file, float[] samples, double[][] expected, EcgRandom random)
    {
        var changed = samples.Select(sample => (float)(sample * (1 + Change * random.Normal()))).ToArray();
        var rounding = new EcgRandom((ulong)samples.Length);
        return Outputs(new ReferenceNetwork(file, changed, rounding)).Zip(expected).All(pair =>
            pair.First.Zip(pair.Second).All(values => Math.Abs(values.First - values.Second) <= MostChange * Scale(pair.Second)));
    }

    private static double[][] Outputs(ReferenceNetwork network) =>
        [network.Logits, network.Maps(CamKind.Exact), network.Maps(CamKind.Paper)];

    private static float[][] Found(CompiledScorer scorer, float[] samples)
    {
        var classes = scorer.Classes.Count;
        var logits = new float[classes];
        scorer.Score(samples, logits, new float[classes]);
        return [logits, Cells(CamKind.Exact), Cells(CamKind.Paper)];

        float[] Cells(CamKind kind)
        {
            var cells = new float[classes * scorer.CellCount(kind)];
            if (cells.Length > 0)
                scorer.Explain(samples, kind, logits, new float[classes], cells, new float[classes * scorer.Input.Length]);
            return cells;
        }
    }

    private static void Compare(float[][] found, double[][] expected, VectorWidth width)
    {
        string[] names = ["logit", "exact map", "paper map"];
        for (var o = 0; o < names.Length; o++)
        {
            if (found[o].Length != expected[o].Length)
                throw new WrongAnswerException($"{names[o]}: {found[o].Length} values, expected {expected[o].Length}");
            for (var i = 0; i < found[o].Length; i++)
                if (!(Math.Abs(found[o][i] - expected[o][i]) <= Tolerance * Scale(expected[o])))
                    throw new WrongAnswerException(
                        FormattableString.Invariant($"{names[o]} at {i}, {width}: {found[o][i]}, expected {expected[o][i]}"));
        }
    }

    private static double Scale(double[] values) => Math.Max(1, values.Select(Math.Abs).DefaultIfEmpty().Max());
}
