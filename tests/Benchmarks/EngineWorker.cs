using System.Diagnostics;
using System.Globalization;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Benchmarks;

/// <summary>
/// One build's training steps and forward passes, on request: a process that reads "WORK COUNT" from its input and writes the milliseconds
/// of each call, wall time and processor time in turn. <see cref="EngineRatios"/> starts it, for two builds side by side where two are
/// compared.
/// </summary>
internal static class EngineWorker
{
    /// <summary>The argument that makes the program this worker; the number of torch's threads follows it.</summary>
    public const string Argument = "engine-worker";

    private const int Batch = 128;
    private const int Leads = 12;
    private const int Length = 1000;

    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<string> Works { get; } =
    [
        "signal-cnn/step", "xresnet1d18/step", "signal-cnn/forward", "xresnet1d18/forward",
    ];

    /// <summary>Serves until its input ends.</summary>
    public static void Serve(int threads)
    {
        // A network first: that is where a build sets the process up for libtorch, if it does.
        var networks = new Dictionary<string, EcgNetwork>
        {
            ["signal-cnn"] = Join(new SignalCnn(Leads)),
            ["xresnet1d18"] = Join(new XResNet1d(Leads, 18)),
        };
        set_num_threads(threads);
        manual_seed(1);
        var optimizers = networks.ToDictionary(n => n.Key, n => optim.Adam(n.Value.Parameters, 5e-4));
        using var signals = randn(Batch, Leads, Length);
        using var targets = tensor([.. Enumerable.Range(0, Batch).Select(i => (float)(i % 2))], [Batch, 1]);
        using var self = Process.GetCurrentProcess();
        while (Console.ReadLine() is { } line)
        {
            var (work, count) = (line.Split(' ')[0], int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
            var name = work.Split('/')[0];
            Action call = work.EndsWith("/step", StringComparison.Ordinal)
                ? () => Step(networks[name], optimizers[name], signals, targets)
                : () => Forward(networks[name], signals);
            Console.WriteLine(string.Join(' ', Times(call, count, self).Select(t => t.ToString("R", CultureInfo.InvariantCulture))));
        }
    }

    private static EcgNetwork Join(Backbone backbone) => new(backbone, new SigmoidHead(backbone.Channels, 1));

    private static IEnumerable<double> Times(Action call, int count, Process self)
    {
        for (var i = 0; i < count; i++)
        {
            self.Refresh();
            var (cpu, start) = (self.TotalProcessorTime, Stopwatch.GetTimestamp());
            call();
            var wall = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            self.Refresh();
            yield return wall;
            yield return (self.TotalProcessorTime - cpu).TotalMilliseconds;
        }
    }

    private static void Step(EcgNetwork network, optim.Optimizer optimizer, Tensor signals, Tensor targets)
    {
        network.Train();
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = network.Head.Loss(network.Forward(signals), targets);
        loss.backward();
        optimizer.step();
        Require(loss.item<float>());
    }

    private static void Forward(EcgNetwork network, Tensor signals)
    {
        network.Evaluate();
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        Require(network.Forward(signals).sum().item<float>());
    }

    private static void Require(float value)
    {
        if (!float.IsFinite(value))
            throw new InvalidOperationException($"the result is {value}");
    }
}
