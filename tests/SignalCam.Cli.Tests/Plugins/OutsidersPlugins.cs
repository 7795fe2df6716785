using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Torch.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SignalCam.Cli.Tests.Plugins;

/// <summary>What `--plugin` finds in this assembly, which the tests load a second time, in a context of its own.</summary>
public sealed class OutsidersPlugins : ISignalCamPlugin
{
    public void Configure(ISignalCamBuilder builder) => builder
        .AddArchitecture("outsider-cnn", input => new OutsiderCnn(input.LeadCount))
        .AddTransform<Gain, GainOptions>("outsider-gain")
        .AddTask<OddTask>("outsider-task")
        .AddMetric<EighthMetric>("outsider-metric")
        .AddFormat<LineFormat>("outsider-lines");
}

public sealed class OutsiderCnn : Backbone
{
    private readonly Conv1d _convolution;

    public OutsiderCnn(int leads)
        : base(nameof(OutsiderCnn))
    {
        _convolution = Conv1d(leads, Channels, 9, stride: 8, padding: 4);
        register_module("convolution", _convolution);
    }

    public override int Channels => 4;

    public override Tensor forward(Tensor input) => functional.relu(_convolution.call(input));
}

public sealed class GainOptions
{
    [Range(0.1, 10.0)]
    public float Factor { get; set; } = 2;
}

public sealed class Gain(GainOptions options) : ISignalTransform
{
    public string Name => "outsider-gain";

    public EcgSignal Apply(EcgSignal signal) => signal.MapLeads(samples =>
    {
        for (var t = 0; t < samples.Length; t++)
            samples[t] *= options.Factor;
    });
}

/// <summary>Whether the number of a recording is odd.</summary>
public sealed class OddTask : IEcgTask
{
    public string Name => "outsider-task";

    public IReadOnlyList<string> Classes { get; } = ["odd"];

    public TaskKind Kind => TaskKind.Binary;

    public bool TryGetTarget(EcgEntry entry, Span<float> target)
    {
        target[0] = int.Parse(entry.Id, CultureInfo.InvariantCulture) % 2;
        return true;
    }
}

public sealed class EighthMetric : IEcgMetric
{
    public string Name => "outsider-metric";

    public double? Compute(ReadOnlySpan<float> targets, ReadOnlySpan<float> probabilities, IEcgTask task) => 0.125;
}

/// <summary>"LINES", then the millivolts of lead I at 100 Hz, one a line.</summary>
public sealed class LineFormat : IEcgFormat
{
    public string Name => "outsider-lines";

    public bool Recognizes(EcgFileSource file) => file.Head.Span.StartsWith("LINES\n"u8);

    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        var lines = Encoding.ASCII.GetString(file.ReadAll(options.MaxBytes).Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        float[] samples = [.. lines.Skip(1).Select(line => float.Parse(line, CultureInfo.InvariantCulture))];
        return new EcgRecording(new EcgSignal(samples, new SignalLayout(["I"], samples.Length, 100)), Name);
    }
}
