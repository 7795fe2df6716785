using Microsoft.Extensions.Options;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Uploads;

/// <summary>
/// How many bytes all uploads that are being received may hold together: those of eight of the largest. Safe for concurrent callers.
/// </summary>
internal sealed class UploadBudget(IOptions<ViewerOptions> options)
{
    private const int LargestAtOnce = 8;

    private readonly long _most = LargestAtOnce * options.Value.MaxUploadBytes;
    private long _taken;

    /// <exception cref="ViewerProblemException">There is no room left.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= _most)
            return;
        Interlocked.Add(ref _taken, -bytes);
        throw ViewerProblem.Busy.With("too many large uploads are being received; try again in a moment");
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}

/// <summary>
/// Turns at what costs time and memory of an upload: unpacking and reading. Two at once bound what all of them can take; the others wait
/// with their bytes.
/// </summary>
internal sealed class UploadTurns : IDisposable
{
    private const int AtOnce = 2;

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>Waits for a turn; disposing what it returns ends it.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        return new Turn(_turns);
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
