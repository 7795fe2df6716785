using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>
/// Normal numbers in bulk by the ziggurat method (Marsaglia and Tsang 2000, doi 10.18637/jss.v005.i08) with 256 layers and the
/// exact wedge test of Doornik 2005: one 64-bit draw and one multiplication for about 99 % of the numbers.
/// </summary>
internal static class NormalNoise
{
    // The right edge of the lowest layer, and the area that all layers share, for 256 layers (Marsaglia and Tsang, section 2).
    private const double Edge = 3.6541528853610088;
    private const double Area = 0.00492867323399;

    private static readonly double[] Edges = LayerEdges();
    private static readonly double[] InnerShare = [.. Enumerable.Range(0, 256).Select(i => Edges[i + 1] / Edges[i])];

    /// <summary>Fills the span with independent normal numbers of mean 0.</summary>
    public static void Fill(Span<float> values, double standardDeviation, EcgRandom random)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var bits = random.NextUInt64();
            var layer = (int)(bits & 255);
            // The upper 53 bits, as a number on [-1, 1); the lower 8 chose the layer.
            var u = ((long)bits >> 11) * (1.0 / (1L << 52));
            var normal = Math.Abs(u) < InnerShare[layer] ? u * Edges[layer] : Outer(u, layer, random);
            values[i] = (float)(standardDeviation * normal);
        }
    }

    private static double Outer(double u, int layer, EcgRandom random)
    {
        while (true)
        {
            if (Math.Abs(u) < InnerShare[layer])
                return u * Edges[layer];
            if (layer == 0)
                return Math.CopySign(Tail(random), u);
            var x = u * Edges[layer];
            var (low, high) = (Math.Exp(-0.5 * (Edges[layer] * Edges[layer] - x * x)),
                Math.Exp(-0.5 * (Edges[layer + 1] * Edges[layer + 1] - x * x)));
            if (high + random.Uniform() * (low - high) < 1)
                return x;
            u = random.Uniform(-1, 1);
            layer = random.Below(256);
        }
    }

    private static double Tail(EcgRandom random)
    {
        while (true)
        {
            var beyond = -Math.Log(1 - random.Uniform()) / Edge;
            if (-2 * Math.Log(1 - random.Uniform()) >= beyond * beyond)
                return Edge + beyond;
        }
    }

    private static double[] LayerEdges()
    {
        var edges = new double[257];
        edges[0] = Area / Density(Edge);
        edges[1] = Edge;
        for (var i = 2; i < 256; i++)
            edges[i] = Math.Sqrt(-2 * Math.Log(Area / edges[i - 1] + Density(edges[i - 1])));
        return edges;
    }

    private static double Density(double x) => Math.Exp(-0.5 * x * x);
}
