using SignalCam.Abstractions;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Optimization;
using SignalCam.Torch.Training.Sessions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Training;

public sealed class AdamStepTests
{
    [Theory]
    [InlineData(OptimizerKind.Adam, 0)]
    [InlineData(OptimizerKind.Adam, 0.1)]
    [InlineData(OptimizerKind.AdamW, 0)]
    [InlineData(OptimizerKind.AdamW, 0.1)]
    public void It_goes_where_torchs_own_optimizer_goes(OptimizerKind kind, double weightDecay)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Parameter[] theirs = [new(randn(3, 4)), new(randn(5)), new(randn(2))];
        Parameter[] ours = [.. theirs.Select(p => new Parameter(p.detach().clone()))];
        using var optimizer = Create(theirs);
        using var ourOptimizer = Create(ours);
        var update = new AdamStep(ourOptimizer, ours, weightDecay);
        for (var step = 0; step < 25; step++)
        {
            // A schedule moves both; the last parameter has a gradient in every other step only.
            foreach (var moved in (OptimizerHelper[])[optimizer, ourOptimizer])
            {
                var group = moved.ParamGroups.First();
                group.LearningRate = 0.01 * (step + 1);
                ((optim.IBetas)group).Betas = (0.95 - 0.004 * step, 0.999);
            }
            foreach (var parameters in (Parameter[][])[theirs, ours])
            {
                foreach (var parameter in parameters)
                    parameter.grad = null;
                var loss = (parameters[0].square().sum() + (parameters[1] * (step - 10)).sin().sum());
                if (step % 2 == 0)
                    loss = loss + parameters[2].square().sum();
                loss.backward();
            }
            optimizer.step();
            update.Run();
            foreach (var (their, our) in theirs.Zip(ours))
                Assert.True(their.allclose(our, 1e-5, 1e-6), $"step {step}: {(their - our).abs().max().item<float>()}");
        }
        Assert.Equal([25, 25, 13], AdamMoments.Of(ourOptimizer).Select(m => m.Step));

        OptimizerHelper Create(Parameter[] parameters) => kind == OptimizerKind.Adam
            ? optim.Adam(parameters, weight_decay: weightDecay)
            : optim.AdamW(parameters, weight_decay: weightDecay);
    }

    [Fact]
    public void The_first_step_is_the_rate_against_the_gradients_sign()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(tensor(new[] { 1f, -2f, 3f }))];
        using var optimizer = optim.Adam(parameters, 0.25);
        (parameters[0] * tensor(new[] { 5f, -0.01f, 0f })).sum().backward();
        new AdamStep(optimizer, parameters, weightDecay: 0).Run();
        Assert.Equal([0.75f, -1.75f, 3f], parameters[0].detach().data<float>().ToArray().Select(v => MathF.Round(v, 5)));
    }

    // TorchSharp makes an object of each number that is passed to native code; left to the collector, it may be freed while it is read.
    [Fact]
    public async Task Collections_during_a_training_change_no_bit()
    {
        var calm = await TrainAsync();
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            Assert.Equal(calm, await TrainAsync());
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }

        static async Task<byte[]> TrainAsync()
        {
            using var network = Recordings.Network();
            var options = Recordings.Options();
            (options.Epochs, options.BatchSize, options.TorchThreads, options.WeightDecay) = (20, 4, 1, 0.1);
            var result = await new Trainer(options).TrainAsync(network, TaskKind.Binary, Recordings.Make(200, 1), Recordings.Make(8, 2));
            return ResumeTests.Bytes(result.LastState);
        }
    }
}
