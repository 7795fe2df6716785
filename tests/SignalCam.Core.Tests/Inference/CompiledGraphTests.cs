using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.Tests.Onnx;

namespace SignalCam.Core.Tests.Inference;

/// <summary>Graphs that the fuzzer found to be compiled wrongly, and what keeps the compiler from touching what it must not.</summary>
public sealed class CompiledGraphTests
{
    private static readonly VectorWidth[] s_all =
        [VectorWidth.V128, VectorWidth.V256, VectorWidth.V512, VectorWidth.Checked128, VectorWidth.Checked256, VectorWidth.Checked512];

    [Fact]
    public void Maps_of_a_padded_convolution_that_nothing_else_needs_have_its_padding()
    {
        // The network goes past the convolution; only the paper's maps are made of it.
        var graph = new LayerGraph(1,
        [
            new ConvolutionNode("last_conv", LayerGraph.Signals, 1, 9, 1, 8, 0, false),
            new GlobalAveragePoolNode("pool", LayerGraph.Signals),
            new DenseNode("dense", "pool", 1, HasBias: false),
            new ProbabilityNode("p", "dense", false),
            new CamNode("cam", "last_conv", "dense", CamKind.Paper),
        ]);
        var file = new ModelFile(
            PassThrough.Manifest(1, 20) with { TaskKind = TaskKind.Binary },
            [new NamedTensor("last_conv.weight", [1, 1, 9], [1f, 0, 0, 0, 0, 0, 0, 0, 1]), new NamedTensor("dense.weight", [1, 1], [2f])],
            graph: graph);
        float[] samples = [.. Enumerable.Range(1, 20).Select(i => (float)i)];
        foreach (var width in s_all)
        {
            var (cells, heat) = (new float[20], new float[20]);
            CompiledScorer.Create(file, new Preprocessor(), width).Explain(samples, CamKind.Paper, new float[1], new float[1], cells, heat);
            Assert.Equal(Enumerable.Range(1, 20).Select(i => 2f * (i + Math.Max(0, i - 8))), cells);
        }
    }

    [Fact]
    public void Branches_that_are_equally_long_for_the_models_length_alone_are_joined()
    {
        // Of 9 samples both are 3 long; of others they are not.
        var graph = new LayerGraph(1,
        [
            new PoolNode("thirds", LayerGraph.Signals, PoolKind.Max, 3, 3),
            new PoolNode("quarters", LayerGraph.Signals, PoolKind.Max, 1, 4),
            new AddNode("sum", ["thirds", "quarters"]),
            new GlobalAveragePoolNode("pool", "sum"),
            new DenseNode("dense", "pool", 1, HasBias: false),
            new ProbabilityNode("p", "dense", false),
            new CamNode("cam", "sum", "dense", CamKind.Exact),
        ]);
        var file = new ModelFile(
            PassThrough.Manifest(1, 9) with { TaskKind = TaskKind.Binary }, [new NamedTensor("dense.weight", [1, 1], [1f])], graph: graph);
        var logits = new float[1];
        CompiledScorer.Create(file).Score([1, 2, 3, 4, 5, 6, 7, 8, 9], logits, new float[1]);
        Assert.Equal((3 + 6 + 9 + 1 + 5 + 9) / 3f, logits[0], 1e-6f);
        Assert.Contains("its inputs have the shapes (1, 4), (1, 3)",
            Assert.Throws<ArgumentException>(() => graph.ShapesFor(12)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_would_leave_the_workspace_is_not_run()
    {
        var slots = new RowSlots(0, 0);
        var (input, output) = (slots.Take(1, 64), slots.Take(1, 64));
        var node = new ConvolutionNode("c", LayerGraph.Signals, 1, 9, 1, 8, 0, false);
        var step = new DirectConvolution(new(node, "c", input, 1, output, 1, 64, 1, false), new double[9], new double[1]);
        var size = slots.Place();
        var error = Assert.Throws<InvalidOperationException>(() => WorkspaceBounds.Prove(slots.All, [step], size));
        Assert.Contains("would leave its workspace", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public unsafe void An_access_that_a_step_has_not_declared_is_noticed_where_accesses_are_checked()
    {
        var memory = new float[64];
        fixed (float* workspace = memory)
        {
            AccessCheck.Begin(workspace, [new MemoryAccess(0, 32)]);
            try
            {
                CheckedLanes<Lanes128>.Load(workspace + 28);
                var address = (nint)workspace;
                Assert.Throws<InvalidOperationException>(() => CheckedLanes<Lanes128>.Load((float*)address + 29));
                Assert.Throws<InvalidOperationException>(() => CheckedLanes<Lanes128>.Store(default, (float*)address));
                Assert.Throws<InvalidOperationException>(() => CheckedLanes<Lanes128>.Spread((float*)address - 1));
            }
            finally
            {
                AccessCheck.End();
            }
        }
    }
}
