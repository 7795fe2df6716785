namespace SignalCam.Core.Inference;

/// <summary>A part of the workspace that a step touches by address.</summary>
/// <param name="Begin">The first float, from the workspace's begin.</param>
/// <param name="End">Behind the last one.</param>
/// <param name="Slot">The slot that is written; null for reading alone.</param>
internal readonly record struct MemoryAccess(long Begin, long End, IMemoryPart? Slot = null);

/// <summary>A part of the workspace that steps may write.</summary>
internal interface IMemoryPart
{
    /// <summary>The first float that belongs to it, from the workspace's begin.</summary>
    long Begin { get; }

    /// <summary>Behind the last one.</summary>
    long End { get; }
}

/// <summary>
/// The one place where it is proven that nothing is touched outside a workspace. Steps touch rows through <see cref="RowSlot.Row"/>, which
/// checks the row's number; convolutions work on addresses, and declare which. All rows lie inside the workspace, and so does everything
/// that is declared; what is written lies inside the slot it is written to. Computed in 64-bit arithmetic for each scorer, before it runs.
/// That convolutions touch what they declare and nothing else is what <see cref="CheckedLanes{TLanes}"/> shows in tests.
/// </summary>
internal static class WorkspaceBounds
{
    /// <summary>Checks all slots and steps.</summary>
    /// <param name="slots">The slots, in the order in which they lie.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="size">Floats of the workspace.</param>
    /// <exception cref="InvalidOperationException">
    /// Something lies outside, which is a mistake in the compiler and not in a model.
    /// </exception>
    public static void Prove(IEnumerable<RowSlot> slots, IEnumerable<ScorerStep> steps, long size)
    {
        var behind = 0L;
        foreach (var slot in slots)
        {
            Require(slot.Begin >= behind && slot.Begin <= slot.Offset
                && slot.Offset + (slot.Channels - 1L) * slot.Stride + slot.Length <= slot.End && slot.End <= size, slot);
            behind = slot.End;
        }
        foreach (var step in steps)
            foreach (var access in step.Accesses)
            {
                Require(access.Begin >= 0 && access.Begin <= access.End && access.End <= size, access);
                Require(access.Slot is not { } part || (access.Begin >= part.Begin && access.End <= part.End), access);
            }
    }

    private static void Require(bool isInside, object what)
    {
        if (!isInside)
            throw new InvalidOperationException($"the compiled scorer would leave its workspace: {what}");
    }
}
