using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

public class MemoryTests
{
    [Fact]
    public void Ten_thousand_training_steps_need_no_more_memory_than_a_thousand()
    {
        using var net = nn.Sequential(nn.Conv1d(2, 4, 3, Padding.Same), nn.BatchNorm1d(4), nn.LeakyReLU(0.1), nn.MaxPool1d(2), nn.Flatten(), nn.Linear(16, 1));
        using var optimizer = optim.AdamW(net.parameters(), 1e-3);
        using var input = torch.randn(8, 2, 8);
        using var target = torch.ones(8, 1);
        void Train(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                nn.functional.binary_cross_entropy_with_logits(net.call(input), target).backward();
                nn.utils.clip_grad_norm_(net.parameters(), 1);
                optimizer.step();
            }
        }

        Train(1000);
        var (tensors, memory) = (LiveTensors.Count(), NativeMemory());
        Train(9000);
        Assert.Equal(tensors, LiveTensors.Count());
        Assert.InRange(NativeMemory() - memory, long.MinValue, 8 << 20);

        // Without the collector's heap, whose youngest generation grows to the size of the processor's cache before it is collected.
        static long NativeMemory()
        {
            GC.Collect();
            return Environment.WorkingSet - GC.GetGCMemoryInfo().TotalCommittedBytes;
        }
    }

    [Fact]
    public void What_nobody_disposed_of_is_freed_by_the_garbage_collector()
    {
        var before = LiveTensors.Count();
        Forget(500);
        Assert.Equal(before, LiveTensors.Count());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(int count)
    {
        for (var i = 0; i < count; i++)
            _ = torch.ones(100).add(i);
    }
}
