using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

public class DisposeScopeTests
{
    [Fact]
    public void Nothing_is_left_alive_after_a_scope()
    {
        var before = LiveTensors.Count();
        using (NewDisposeScope())
        {
            var x = torch.rand(4, 5).requires_grad_();
            var loss = nn.functional.softmax(x.matmul(x.t()), 1)[1..3, 0].mean([0]);
            loss.backward();
            Assert.NotNull(x.grad);
            Assert.True(Tensor.TotalCount > before);
        }
        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public void A_tensor_moved_out_outlives_the_inner_scope_only()
    {
        Tensor moved;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope())
                moved = torch.ones(2).MoveToOuterDisposeScope();
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }
        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void A_detached_tensor_outlives_every_scope()
    {
        Tensor detached;
        using (var scope = NewDisposeScope())
        {
            detached = scope.Detach(torch.ones(2));
            Assert.Equal(0, scope.DisposablesCount);
        }
        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void A_scope_may_dispose_of_everything_but_what_is_named()
    {
        using var scope = NewDisposeScope();
        var (kept, dropped) = (torch.ones(1), torch.ones(1));
        scope.DisposeEverythingBut(kept);
        Assert.False(kept.IsInvalid);
        Assert.True(dropped.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void An_attached_tensor_belongs_to_its_last_scope()
    {
        var tensor = torch.ones(1);
        using (var scope = NewDisposeScope())
            scope.Attach(tensor);
        Assert.True(tensor.IsInvalid);
    }

    [Fact]
    public void A_wrapped_expression_leaves_only_its_result()
    {
        var before = LiveTensors.Count();
        using (var result = torch.WrappedTensorDisposeScope(() => torch.ones(3).add(1).mul(2)))
        {
            Assert.Equal(before + 1, LiveTensors.Count());
            Assert.Equal([4f, 4, 4], result.data<float>().ToArray());
        }
        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public void Statistics_count_what_happens_on_this_thread()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        torch.ones(1).Dispose();
        using (var scope = NewDisposeScope())
        {
            _ = torch.ones(1);
            torch.ones(1).Dispose();
            var detached = torch.ones(1).DetachFromDisposeScope();
            scope.Attach(detached);
            Assert.Equal(2, statistics.ThreadTotalLiveCount);
        }
        Assert.Equal(1, statistics.CreatedOutsideScopeCount);
        Assert.Equal(1, statistics.DisposedOutsideScopeCount);
        Assert.Equal(3, statistics.CreatedInScopeCount);
        Assert.Equal(3, statistics.DisposedInScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(1, statistics.AttachedToScopeCount);
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Scopes_of_other_threads_are_left_alone()
    {
        using var scope = NewDisposeScope();
        var thread = new Thread(() => torch.ones(1).Dispose());
        thread.Start();
        thread.Join();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Parameters_and_buffers_outlive_the_scope_they_were_made_in()
    {
        nn.Module<Tensor, Tensor> module;
        using (NewDisposeScope())
            module = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3));
        using (module)
            Assert.All(module.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
        Assert.All(module.state_dict().Values, tensor => Assert.True(tensor.IsInvalid));
    }
}
