using static TorchSharp.torch;

namespace TorchSharp.Tests.Memory;

public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor inside;
        using (DisposeScope scope = NewDisposeScope())
        {
            inside = zeros(2) + 1;
            Assert.Equal(2, scope.DisposablesCount);
            Assert.True(scope.Contains(inside));
        }
        Assert.True(inside.IsInvalid);
    }

    [Fact]
    public void MoveToOuter_hands_a_tensor_to_the_scope_around()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor kept;
        using (NewDisposeScope())
            kept = (zeros(2) + 1).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        Assert.Equal(1, outer.DisposablesCount);
        kept.AssertValues(1, 1);
    }

    [Fact]
    public void MoveToOuter_without_an_outer_scope_detaches()
    {
        Tensor kept;
        using (NewDisposeScope())
            kept = zeros(2).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void Several_tensors_move_at_once()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor first, second;
        using (DisposeScope inner = NewDisposeScope())
            (first, second) = inner.MoveToOuter(zeros(1), ones(1));
        Assert.Equal(2, outer.DisposablesCount);
        Assert.False(first.IsInvalid || second.IsInvalid);
    }

    [Fact]
    public void A_detached_tensor_lives_until_it_is_disposed()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
                kept = zeros(1).DetachFromDisposeScope();
        }
        Assert.False(kept.IsInvalid);
        kept.Dispose();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void A_tensor_can_be_attached_and_moved_beside_another()
    {
        using Tensor lonely = zeros(1);
        using DisposeScope outer = NewDisposeScope();
        Tensor anchor = zeros(1);
        using (DisposeScope inner = NewDisposeScope())
        {
            inner.Attach(lonely);
            Assert.True(inner.Contains(lonely));
            lonely.MoveToOtherDisposeScope(anchor);
            Assert.False(inner.Contains(lonely));
        }
        Assert.False(lonely.IsInvalid);
        Assert.True(outer.Contains(lonely));
    }

    [Fact]
    public void Disposing_early_takes_the_tensor_out_of_its_scope()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor tensor = zeros(1);
        tensor.Dispose();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void DisposeEverythingBut_keeps_what_it_is_told()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor dropped = zeros(1), kept = zeros(1);
        scope.DisposeEverythingBut(kept);
        Assert.True(dropped.IsInvalid);
        Assert.False(kept.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
        scope.DisposeEverything();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void A_disposed_scope_refuses_work_but_may_be_disposed_again()
    {
        DisposeScope scope = NewDisposeScope();
        scope.Dispose();
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
    }

    [Fact]
    public void Scopes_disposed_out_of_order_leave_the_stack_whole()
    {
        using DisposeScope outer = NewDisposeScope();
        DisposeScope middle = NewDisposeScope();
        DisposeScope inner = NewDisposeScope();
        middle.Dispose();
        Tensor tensor = zeros(1);
        Assert.True(inner.Contains(tensor));
        inner.Dispose();
        Assert.True(outer.Contains(ones(1)));
    }

    [Fact]
    public void Statistics_count_what_the_thread_makes_and_disposes()
    {
        ThreadDisposeScopeStatistics statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        zeros(1).Dispose();
        using (NewDisposeScope())
        {
            zeros(1);
            zeros(1).Dispose();
            zeros(1).DetachFromDisposeScope().Dispose();
        }
        Assert.Equal(1, statistics.CreatedOutsideScopeCount);
        Assert.Equal(3, statistics.CreatedInScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(2, statistics.DisposedInScopeCount);
        Assert.Equal(2, statistics.DisposedOutsideScopeCount);
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Every_thread_has_its_own_scopes()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = zeros(1));
        thread.Start();
        thread.Join();
        Assert.Equal(0, scope.DisposablesCount);
        other!.Dispose();
    }

    [Fact]
    public void TotalCount_rises_and_falls_and_PeakCount_keeps_the_highest()
    {
        using var tensors = NewDisposeScope();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        Tensor tensor = zeros(1);
        Assert.Equal(before + 1, Tensor.TotalCount);
        Assert.True(Tensor.PeakCount >= before + 1);
        tensor.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_wrapped_expression_keeps_only_its_result()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Same(scope, CurrentDisposeScope);
        Tensor result = WrappedTensorDisposeScope(() => zeros(1) + ones(1) * 2);
        result.AssertValues(2);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void A_loop_in_scopes_does_not_grow()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sum = zeros(1);
        for (int i = 0; i < 1000; i++)
        {
            using (NewDisposeScope())
                sum.add_((ones(1) * 2 - 1).exp().log());
        }
        Assert.Equal(1, scope.DisposablesCount);
        sum.AssertClose(0.01, 1000);
    }
}
