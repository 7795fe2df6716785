using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

/// <summary>The paper's network, with the names of its released state dict.</summary>
internal sealed class PaperNet : nn.Module<Tensor, Tensor>
{
    private readonly Sequential pre_cnn_extractor;
    private readonly Sequential cnn_extractor;
    private readonly Conv1d last_conv;
    private readonly BatchNorm1d last_batch_norm;
    private readonly Linear pred_layer;

    public PaperNet() : base(nameof(PaperNet))
    {
        pre_cnn_extractor = Block(12, 16, 11);
        cnn_extractor = nn.Sequential(Block(16, 16, 7), Block(16, 32, 7));
        last_conv = nn.Conv1d(32, 64, 7, Padding.Same);
        last_batch_norm = nn.BatchNorm1d(64);
        pred_layer = nn.Linear(64, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = last_conv.call(cnn_extractor.call(pre_cnn_extractor.call(input)));
        var activated = nn.functional.leaky_relu(last_batch_norm.call(features), 0.1);
        return pred_layer.call(activated.mean([2])).sigmoid().MoveToOuterDisposeScope();
    }

    private static Sequential Block(long channels, long filters, long kernel) => nn.Sequential(
        nn.Conv1d(channels, filters, kernel, Padding.Same), nn.BatchNorm1d(filters), nn.LeakyReLU(0.1), nn.MaxPool1d(2));
}
