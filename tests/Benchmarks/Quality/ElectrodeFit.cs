using System.Globalization;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Quality;

namespace SignalCam.Benchmarks.Quality;

/// <summary>
/// Makes the weights of the check "electrodes": a logistic regression for each interchange, of recordings as they are against the same with
/// their electrodes interchanged, by Newton's method with a small ridge. Prints ElectrodeWeights.cs.
/// </summary>
internal static class ElectrodeFit
{
    private const double Ridge = 1e-3;
    private const int MostSteps = 25;

    /// <summary>The share of recordings as they are that may exceed the limit.</summary>
    private const double FalseAlarms = 0.002;

    private static readonly (string Code, string Electrodes, string Leads, string Disturbance)[] s_interchanges =
    [
        ("arms", "left and right arm", "\"I\", \"II\", \"III\", \"aVR\", \"aVL\"", "arms interchanged"),
        ("left-arm-leg", "left arm and left leg", "\"I\", \"II\", \"III\", \"aVL\", \"aVF\"", "left arm and leg interchanged"),
        ("right-arm-leg", "right arm and left leg", "\"I\", \"II\", \"III\", \"aVR\", \"aVF\"", "right arm and leg interchanged"),
        ("v1-v2", "V1 and V2", "\"V1\", \"V2\"", "V1 and V2 interchanged"),
        ("chest-reversed", "V1 to V6, in reversed order,", "\"V1\", \"V2\", \"V3\", \"V4\", \"V5\", \"V6\"", "V1 to V6 reversed"),
    ];

    public static void Print(PtbXlDataset dataset)
    {
        var signals = QualityTables.Read(dataset, e => e.Fold <= 8).Select(r => r.Signal).ToArray();
        var plain = Features(signals, (signal, _) => signal);
        var text = new StringBuilder(Head);
        var weights = new StringBuilder();
        foreach (var (code, electrodes, leads, name) in s_interchanges)
        {
            var interchanged = Features(signals, Disturbances.Find(name).Make);
            var (weight, bias) = Fit(plain, interchanged);
            var limit = plain.Select(f => Score(f, weight, bias)).Order().ElementAt((int)((1 - FalseAlarms) * plain.Count));
            Console.Error.WriteLine($"{code}: {interchanged.Count(f => Score(f, weight, bias) > limit)} of {interchanged.Count} found");
            text.Append(CultureInfo.InvariantCulture, $"        new(\"{code}\", \"{electrodes}\", [{leads}], {bias - limit:F4}),\n");
            weights.Append(CultureInfo.InvariantCulture, $"        // {code}\n");
            for (var i = 0; i < weight.Length; i += 12)
                weights.Append("        ").AppendJoin(
                    ", ", weight.Skip(i).Take(12).Select(w => w.ToString("F3", CultureInfo.InvariantCulture) + "f")).Append(",\n");
        }
        Console.Write(text.Append(Middle).Append(weights).Append("    ];\n}\n").ToString());
    }

    private static List<double[]> Features(EcgSignal[] signals, Func<EcgSignal, EcgRandom, EcgSignal> make)
    {
        var (all, own) = (new List<double[]>(signals.Length), new float[ElectrodeFeatures.Count]);
        foreach (var signal in signals)
            if (ElectrodeFeatures.TryCompute(RecordingAnalysis.Of(make(signal, new EcgRandom(0))), own))
                all.Add([.. own.Select(v => (double)v)]);
        return all;
    }

    private static double Score(double[] features, double[] weights, double bias)
    {
        var sum = bias;
        for (var i = 0; i < weights.Length; i++)
            sum += weights[i] * features[i];
        return sum;
    }

    private static (double[] Weights, double Bias) Fit(List<double[]> negatives, List<double[]> positives)
    {
        var count = negatives[0].Length;
        var (means, scales) = Scale([.. negatives, .. positives], count);
        double[][] rows = [.. negatives.Concat(positives).Select(f => (double[])[.. f.Select((v, i) => (v - means[i]) / scales[i]), 1])];
        var theta = new double[count + 1];
        for (var step = 0; step < MostSteps; step++)
        {
            var (gradient, hessian) = (new double[count + 1], new double[count + 1, count + 1]);
            for (var r = 0; r < rows.Length; r++)
                Accumulate(rows[r], r >= negatives.Count ? 1 : 0, theta, gradient, hessian, 1.0 / rows.Length);
            for (var i = 0; i <= count; i++)
            {
                gradient[i] += Ridge * theta[i];
                hessian[i, i] += Ridge;
            }
            var change = Solve(hessian, gradient);
            for (var i = 0; i <= count; i++)
                theta[i] -= change[i];
            if (change.Max(Math.Abs) < 1e-4)
                break;
        }
        double[] weights = [.. theta.Take(count).Select((t, i) => t / scales[i])];
        return (weights, theta[count] - weights.Select((w, i) => w * means[i]).Sum());
    }

    private static void Accumulate(double[] row, double target, double[] theta, double[] gradient, double[,] hessian, double share)
    {
        var sum = 0.0;
        for (var i = 0; i < row.Length; i++)
            sum += theta[i] * row[i];
        var p = 1 / (1 + Math.Exp(-sum));
        var weight = share * p * (1 - p);
        for (var i = 0; i < row.Length; i++)
        {
            gradient[i] += share * (p - target) * row[i];
            for (var j = 0; j <= i; j++)
                hessian[i, j] += weight * row[i] * row[j];
        }
    }

    private static (double[] Means, double[] Scales) Scale(double[][] rows, int count)
    {
        var (means, scales) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            means[i] = rows.Average(r => r[i]);
            scales[i] = Math.Sqrt(rows.Average(r => (r[i] - means[i]) * (r[i] - means[i]))) + 1e-9;
        }
        return (means, scales);
    }

    /// <summary>Solves a symmetric system of which the lower half is given, by Cholesky's method.</summary>
    private static double[] Solve(double[,] matrix, double[] right)
    {
        var (n, x) = (right.Length, (double[])right.Clone());
        for (var j = 0; j < n; j++)
            for (var i = j; i < n; i++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++)
                    sum -= matrix[i, k] * matrix[j, k];
                matrix[i, j] = i == j ? Math.Sqrt(sum) : sum / matrix[j, j];
            }
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++)
                x[i] -= matrix[i, k] * x[k];
            x[i] /= matrix[i, i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
                x[i] -= matrix[k, i] * x[k];
            x[i] /= matrix[i, i];
        }
        return x;
    }

    private const string Head = """
        namespace SignalCam.Core.Quality;

        /// <summary>
        /// Weights of <see cref="ElectrodeFeatures"/> for each interchange, written by
        /// `dotnet run --project tests/Benchmarks -- quality fit-electrodes` from the 100 Hz recordings of PTB-XL's folds 1 to 8. The
        /// biases put the limit that 0.2 % of the recordings exceed at 0.
        /// </summary>
        internal static class ElectrodeWeights
        {
            public static readonly Interchange[] Interchanges =
            [

        """;

    private const string Middle = """
            ];

            /// <summary>The weights of an interchange: one for each feature.</summary>
            public static ReadOnlySpan<float> Of(int interchange) =>
                Weights.Slice(interchange * ElectrodeFeatures.Count, ElectrodeFeatures.Count);

            private static ReadOnlySpan<float> Weights =>
            [

        """;
}
