using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using SignalCam.Abstractions;

namespace SignalCam.Core.Scoring;

/// <summary>Scores a stream of recordings, several at a time, and gives the answers in the order of the recordings.</summary>
internal static class ScoringStream
{
    /// <summary>Runs.</summary>
    /// <param name="source">The recordings.</param>
    /// <param name="batch">Most recordings in one call of <paramref name="score"/>.</param>
    /// <param name="room">Most recordings that are taken from the source and not yet given as answers.</param>
    /// <param name="score">Scores some recordings, on any thread; a recording's own error is in its answer.</param>
    /// <param name="cancellationToken">Stops within the time of one call.</param>
    public static async IAsyncEnumerable<EcgStreamAnswer> RunAsync(
        IAsyncEnumerable<EcgStreamItem> source, int batch, int room,
        Func<IReadOnlyList<EcgStreamItem>, CancellationToken, Task<EcgStreamAnswer[]>> score,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var items = source.GetAsyncEnumerator(stop.Token);
        var state = new State(items, batch, room, (some, token) => Task.Run(() => score(some, token), token), stop.Token);
        try
        {
            while (await state.NextAsync(cancellationToken).ConfigureAwait(false) is { } answers)
                foreach (var answer in answers)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return answer;
                    state.Give();
                }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await state.EndAsync().ConfigureAwait(false);
            await items.DisposeAsync().ConfigureAwait(false);
        }
        state.ThrowIfBroken();
    }

    private sealed class State(
        IAsyncEnumerator<EcgStreamItem> items, int batch, int room,
        Func<IReadOnlyList<EcgStreamItem>, CancellationToken, Task<EcgStreamAnswer[]>> start, CancellationToken stop)
    {
        private readonly Queue<Task<EcgStreamAnswer[]>> _running = [];
        private List<EcgStreamItem> _gathered = [];
        private Task<bool>? _pull;
        private ExceptionDispatchInfo? _broken;
        private bool _ended;
        private int _taken;

        private bool HasRoom => !_ended && _taken < room;

        /// <summary>An answer has been given: there is room for another recording.</summary>
        public void Give() => _taken--;

        /// <summary>The next answers; null at the end.</summary>
        public async Task<EcgStreamAnswer[]?> NextAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                await TakeAsync().ConfigureAwait(false);
                if (_running.Count == 0)
                {
                    if (_ended)
                        return null;
                    await Task.WhenAny([_pull!]).WaitAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                }
                var first = _running.Peek();
                // A recording that arrives meanwhile need not wait for the answers of those before it.
                if (!first.IsCompleted && _pull is not null)
                {
                    await Task.WhenAny(first, _pull).WaitAsync(cancellationToken).ConfigureAwait(false);
                    if (!first.IsCompleted)
                        continue;
                }
                var answers = await first.WaitAsync(cancellationToken).ConfigureAwait(false);
                _ = _running.Dequeue();
                return answers;
            }
        }

        /// <summary>Ends what is running, which has been told to stop; its errors have been seen or no longer matter.</summary>
        public async Task EndAsync()
        {
            foreach (var task in _running)
                await Quiet(task).ConfigureAwait(false);
            // An enumerator must not be disposed while it is asked for more.
            if (_pull is not null)
                await Quiet(_pull).ConfigureAwait(false);
        }

        public void ThrowIfBroken() => _broken?.Throw();

        /// <summary>Takes what the source has and starts it; does not wait for what it has not.</summary>
        private async Task TakeAsync()
        {
            while (HasRoom)
            {
                var pull = _pull ??= items.MoveNextAsync().AsTask();
                if (!pull.IsCompleted)
                    break;
                try
                {
                    _ended = !await pull.ConfigureAwait(false);
                }
                catch (Exception e) when (!stop.IsCancellationRequested)
                {
                    // What came before the source broke is still given.
                    (_broken, _ended) = (ExceptionDispatchInfo.Capture(e), true);
                }
                _pull = null;
                if (_ended)
                    break;
                _gathered.Add(items.Current);
                _taken++;
                if (_gathered.Count == batch)
                    Start();
            }
            if (_gathered.Count > 0)
                Start();
        }

        private void Start()
        {
            _running.Enqueue(start(_gathered, stop));
            _gathered = [];
        }

        private static async Task Quiet(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
