using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

public class RandomAndThreadTests
{
    [Fact]
    public void A_seed_repeats_everything_random()
    {
        using var scope = NewDisposeScope();
        Tensor Draw()
        {
            torch.manual_seed(42);
            using var linear = nn.Linear(3, 2);
            return torch.cat([linear.weight.flatten(), torch.rand(4), torch.randn(4), torch.randperm(5).@float(), nn.functional.dropout(torch.ones(8)), torch.normal(1, 2, [3])]).detach();
        }
        var first = Draw();
        Assert.True(first.equal(Draw()).ToBoolean());
        Assert.Equal(42, torch.initial_seed());
        // The Mersenne twister behind torch.rand: torch.manual_seed(0); torch.rand(3) in every PyTorch.
        torch.manual_seed(0);
        Assert.Equal([0.4963f, 0.7682f, 0.0885f], torch.rand(3).data<float>().ToArray().Select(value => MathF.Round(value, 4)));
    }

    [Fact]
    public void A_saved_state_of_the_generator_goes_on_where_it_was()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        _ = torch.rand(5);
        var state = torch.get_rng_state();
        var expected = torch.randn(7);
        torch.set_rng_state(state);
        Assert.True(torch.randn(7).equal(expected).ToBoolean());
        using var own = new Generator(3);
        using var same = new Generator(99);
        same.set_state(own.get_state());
        Assert.True(torch.rand([4], generator: own).equal(torch.rand([4], generator: same)).ToBoolean());
    }

    [Fact]
    public void The_number_of_threads_can_be_set()
    {
        var before = torch.get_num_threads();
        torch.set_num_threads(2);
        Assert.Equal(2, torch.get_num_threads());
        torch.set_num_threads(before);
        Assert.Equal(before, torch.get_num_threads());
    }

    [Fact]
    public void Two_threads_training_at_once_get_what_each_gets_alone()
    {
        var alone = new[] { Train(1), Train(2) };
        var together = new double[2];
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() => together[i] = Train((ulong)i + 1))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(alone, together);
    }

    [Fact]
    public void Gradients_are_switched_off_on_this_thread_and_within_the_block_only()
    {
        using var scope = NewDisposeScope();
        var x = torch.ones(1).requires_grad_();
        using (torch.no_grad())
        {
            Assert.False(torch.is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (torch.enable_grad())
                Assert.True((x * 2).requires_grad);
            var elsewhere = false;
            var thread = new Thread(() => elsewhere = torch.is_grad_enabled());
            thread.Start();
            thread.Join();
            Assert.True(elsewhere);
        }
        using (torch.inference_mode())
        {
            Assert.True(torch.is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }
        using (torch.set_grad_enabled(false))
            Assert.False((x * 2).requires_grad);
        Assert.True(torch.is_grad_enabled());
        Assert.False(torch.is_inference_mode_enabled());
        Assert.True((x * 2).requires_grad);
    }

    private static double Train(ulong seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        using var layer = nn.Linear(6, 1);
        nn.init.normal_(layer.weight, generator: generator);
        nn.init.zeros_(layer.bias!);
        using var optimizer = optim.Adam(layer.parameters(), 0.05);
        var input = torch.randn([32, 6], generator: generator);
        var target = (input.sum(1, true) > 0).@float();
        var last = 0.0;
        for (var step = 0; step < 100; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.binary_cross_entropy_with_logits(layer.call(input), target);
            loss.backward();
            optimizer.step();
            last = loss.ToDouble();
        }
        Assert.InRange(last, 0, 0.5);
        return last;
    }
}
