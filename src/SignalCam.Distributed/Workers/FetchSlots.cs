namespace SignalCam.Distributed.Workers;

/// <summary>Limits the recordings fetched concurrently: together with the size limit of a recording, this bounds a worker's
/// memory.</summary>
internal sealed class FetchSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);
    private readonly SemaphoreSlim _taking = new(1);

    /// <summary>Waits for some slots, at most the total; dispose releases them.</summary>
    public async Task<IDisposable> TakeAsync(int wanted, CancellationToken cancellationToken)
    {
        var taken = new Taken(_free);
        // One after the other: two that each have a part of what they need would wait for each other.
        await _taking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (; taken.Count < wanted; taken.Count++)
                await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
        finally
        {
            _taking.Release();
        }
    }

    public void Dispose()
    {
        _free.Dispose();
        _taking.Dispose();
    }

    private sealed class Taken(SemaphoreSlim free) : IDisposable
    {
        public int Count { get; set; }

        public void Dispose()
        {
            if (Count > 0)
                free.Release(Count);
            Count = 0;
        }
    }
}
