using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Onnx;
using SignalCam.Core.Preprocessing;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Onnx;

public sealed class OnnxPreprocessingTests
{
    private static readonly ComponentSpec[][] s_chains =
    [
        [],
        [.. PreprocessingPresets.Paper],
        [.. PreprocessingPresets.Recommended],
        [new("detrend", new JsonObject { ["degree"] = 3 }), new("z-score")],
        [new("detrend", new JsonObject { ["degree"] = 0 }), new("robust")],
        [new("robust"), new("min-max")],
        [new("Fixed-Scale", new JsonObject { ["factor"] = 0.5, ["clip"] = 0.25, ["subtractMedian"] = false })],
        [new("max-abs"), new("max-abs"), new("z-score")],
        [new("band-pass"), new("fixed-scale")],
        [new("band-pass", new JsonObject { ["low"] = 5, ["high"] = 12, ["order"] = 3, ["zeroPhase"] = false })],
        [new("high-pass", new JsonObject { ["cutoff"] = 0.5, ["order"] = 5 })],
        [new("low-pass", new JsonObject { ["order"] = 1, ["zeroPhase"] = false }), new("notch", new JsonObject { ["frequency"] = 40 })],
        [
            new("resample"),
            new("select-leads", new JsonObject { ["leads"] = new JsonArray("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2") }),
            new("median-baseline"),
        ],
    ];

    [SkippableTheory]
    [InlineData(1000)]
    [InlineData(203)]
    public void Every_transform_does_the_same_inside_the_graph(int length)
    {
        var layout = new SignalLayout([.. SignalLayout.StandardLeads.Take(8)], length, 100);
        float[][] recordings = [Recording(layout, 1), Recording(layout, 2)];
        var jobs = s_chains.Select(chain => PassThrough.Job(
            PassThrough.File(PassThrough.Manifest(8, length, chain)), [.. recordings.SelectMany(r => r)], preprocessing: true));
        foreach (var (i, outputs) in OnnxTools.Run([.. jobs]).Index())
        {
            var preprocessor = BuiltInTransforms.CreatePreprocessor(s_chains[i]);
            var expected = recordings.SelectMany(r => preprocessor.Apply(new EcgSignal(r, layout)).Samples.ToArray()).ToArray();
            var prepared = outputs["cam_exact_cells"];
            Assert.Equal([2, 8, length], prepared.Shape);
            for (var at = 0; at < expected.Length; at++)
                Assert.True(Math.Abs(expected[at] - prepared.Values[at]) <= 1e-6 * Math.Max(1, Math.Abs(expected[at])),
                    $"chain {i}, lead {at / length % 8}, sample {at % length}: {prepared.Values[at]}, expected {expected[at]}");
            // As many cells as samples: the map at the recording's length is the same one.
            Assert.Equal(prepared.Values, outputs["cam_exact"].Values);
        }
    }

    [Theory]
    [InlineData("notch", 100, 1000, "needs a sampling rate above 100 Hz")]
    [InlineData("band-pass", 100, 15, "needs more than 15 samples")]
    [InlineData("median-baseline", 1000, 10_000, "at most 262144 are exported")]
    public void A_filter_that_has_no_form_in_a_graph_says_why(string transform, double samplingRate, int length, string why)
    {
        var manifest = PassThrough.Manifest(8, length, [new ComponentSpec(transform)]) with { SamplingRate = samplingRate };
        var error = Assert.Throws<OnnxExportException>(
            () => PassThrough.Job(PassThrough.File(manifest), new float[8 * length], preprocessing: true));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    // Beats, and what preprocessing has to watch out for: flat leads, zeros, a mere trend, a step, values far from zero, hardly any
    // amplitude.
    private static float[] Recording(SignalLayout layout, ulong seed)
    {
        var random = new EcgRandom(seed);
        var samples = new float[layout.LeadCount * layout.Length];
        for (var lead = 0; lead < layout.LeadCount; lead++)
            for (var t = 0; t < layout.Length; t++)
            {
                var beat = Math.Exp(-Math.Pow((t % 80 - 40) / 3.0, 2)) + 0.01 * random.Normal();
                samples[lead * layout.Length + t] = (float)(lead switch
                {
                    0 => beat,
                    1 => 0.7,
                    2 => 0,
                    3 => 2 - 0.003 * t,
                    4 => t < 60 ? 0 : 1.5,
                    5 => 20 + beat,
                    6 => 1e-4 * beat,
                    _ => 5 * random.Normal(),
                });
            }
        return samples;
    }
}
