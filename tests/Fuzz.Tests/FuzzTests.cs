using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Fuzz.Graphs;
using SignalCam.Fuzz.Running;

namespace SignalCam.Fuzz.Tests;

/// <summary>
/// Every kind of input for a short while, in this process; SIGNALCAM_FUZZ_CASES says how many inputs of each (default 250), build/fuzz.sh
/// runs more, each part in a process of its own.
/// </summary>
public sealed class FuzzTests
{
    private static readonly long s_cases =
        long.TryParse(Environment.GetEnvironmentVariable("SIGNALCAM_FUZZ_CASES"), NumberStyles.None,
            CultureInfo.InvariantCulture, out var cases) ? cases : 250;

    public static TheoryData<string> Kinds { get; } = [.. FuzzKinds.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Inputs_are_taken_or_refused_by_an_exception_of_the_SDK(string kind)
    {
        var report = FuzzRun.Run(FuzzKinds.Find(kind), 1, s_cases);
        Assert.Empty(report.Findings);
        Assert.Equal(s_cases, report.Taken + report.Refused);
        // A mutator that breaks everything, or nothing, tests nothing.
        Assert.InRange(report.Taken, 1, s_cases);
    }

    [Fact]
    public void Random_graphs_have_all_kinds_of_layers()
    {
        var found = Enumerable.Range(0, 300).SelectMany(seed => RandomGraph.Create((ulong)seed).Graph!.Nodes).ToArray();
        var kinds = typeof(LayerNode).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LayerNode)));
        Assert.Equal(kinds.Select(kind => kind.Name).Order(), found.Select(node => node.GetType().Name).Distinct().Order());
        Assert.Equal(Enum.GetValues<ActivationFunction>(), found.OfType<ActivationNode>().Select(node => node.Function).Distinct().Order());
        Assert.Contains(found.OfType<ConvolutionNode>(), node => node is { Groups: > 1, Dilation: > 1, Stride: > 1 });
    }

    /// <summary>
    /// Attention makes one value of a layer 10^4 times as large as all others; what a fast convolution rounds there is more than what
    /// stands next to it, which no network that anybody trains depends on.
    /// </summary>
    [Fact]
    public void Networks_that_single_precision_cannot_hold_to_are_replaced_by_others() => new RandomGraphKind().Run(10016655);

    [Fact]
    public void The_reference_computes_what_is_documented()
    {
        // Of Python's math.erf.
        Assert.Equal(0.8427007929497149, Activations.Erf(1), 1e-15);
        Assert.Equal(-0.9953222650189527, Activations.Erf(-2), 1e-15);
        Assert.Equal(0.9999999999815149, Activations.Erf(4.75), 1e-12);
        // GELU of 1 and -1 by the normal distribution function.
        var gelu = new ActivationNode("g", LayerGraph.Signals, Function: ActivationFunction.Gelu);
        Assert.Equal(0.8413447460685429, Activations.Of(gelu, 1), 1e-12);
        Assert.Equal(-0.15865525393145707, Activations.Of(gelu, -1), 1e-12);
    }

    [Fact]
    public void A_finding_is_reported_whatever_its_kind()
    {
        var report = FuzzRun.Run(new Failing(), 0, 5);
        Assert.Equal((5, 1, 1), (report.Cases, report.Taken, report.Refused));
        Assert.Equal([2UL, 3, 4], report.Findings.Select(finding => finding.Seed));
        Assert.StartsWith("InvalidOperationException: not typed", report.Findings[0].What, StringComparison.Ordinal);
        Assert.StartsWith("allocated ", report.Findings[1].What, StringComparison.Ordinal);
        Assert.StartsWith("WrongAnswerException: 2 and 2 are 5", report.Findings[2].What, StringComparison.Ordinal);
    }

    private sealed class Failing : FuzzKind
    {
        public override string Name => "failing";

        public override string Description => "";

        public override void Run(ulong seed)
        {
            switch (seed)
            {
                case 1:
                    throw new PluginException("typed");
                case 2:
                    throw new InvalidOperationException("not typed");
                case 3:
                    GC.KeepAlive(new byte[FuzzRun.MostBytes + 1]);
                    break;
                case 4:
                    throw new WrongAnswerException("2 and 2 are 5");
            }
        }
    }
}
