namespace SignalCam.Abstractions;

/// <summary>A recording of a stream, with the id that its answer carries. It may be read only when its turn comes.</summary>
public sealed class EcgStreamItem
{
    private readonly Func<CancellationToken, ValueTask<EcgRecording>> _read;

    /// <summary>A recording that is in memory.</summary>
    /// <param name="id">Identifies the answer.</param>
    /// <param name="recording">Samples in millivolts.</param>
    public EcgStreamItem(string id, EcgRecording recording)
        : this(id, _ => ValueTask.FromResult(recording)) =>
        ArgumentNullException.ThrowIfNull(recording);

    /// <summary>
    /// A recording that is read when its turn comes, by several threads at once. If it cannot be read, only this item has an error.
    /// </summary>
    /// <param name="id">Identifies the answer.</param>
    /// <param name="read">Reads the recording.</param>
    public EcgStreamItem(string id, Func<CancellationToken, ValueTask<EcgRecording>> read)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(read);
        (Id, _read) = (id, read);
    }

    /// <summary>Identifies the answer.</summary>
    public string Id { get; }

    /// <summary>Returns or reads the recording.</summary>
    public ValueTask<EcgRecording> ReadAsync(CancellationToken cancellationToken = default) => _read(cancellationToken);
}

/// <summary>The result for one recording of a stream: an answer or an error.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Recording">The recording as it was read; null if it could not be.</param>
/// <param name="Answer">The model's answer; null if there is an error.</param>
/// <param name="Error">Why there is no answer; null if there is one.</param>
public sealed record EcgStreamAnswer(string Id, EcgRecording? Recording, EcgClassification? Answer, Exception? Error)
{
    /// <summary>
    /// The part of the recording that was scored, in millivolts, in the model's leads and rate: as long as the heat maps. Null if
    /// there is no answer.
    /// </summary>
    public EcgSignal? Seen { get; init; }

    /// <summary>Returns the answer, or throws the error.</summary>
    public EcgClassification GetAnswer()
    {
        if (Error is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(Error);
        return Answer!;
    }
}
