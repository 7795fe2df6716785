using System.Text;
using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Submitting;

namespace SignalCam.Fuzz.Messages;

/// <summary>Changed journals of a submission: gone on with, or refused.</summary>
internal sealed class JournalKind : FuzzKind
{
    private static readonly ScoringTask s_task = new("ward", new string('a', 64), "cam");

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"signalcam-fuzz-{Guid.NewGuid():N}.journal");
    private byte[]? _bytes;

    /// <inheritdoc/>
    public override string Name => "journal";

    /// <inheritdoc/>
    public override string Description => "changed journals of a submission: opened";

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var random = new EcgRandom(seed);
        try
        {
            _bytes ??= Written();
            File.WriteAllBytes(_path, random.Chance(0.5)
                ? Encoding.UTF8.GetBytes(JsonMutator.Mutate(Encoding.UTF8.GetString(_bytes), random))
                : ByteMutator.Mutate(_bytes, random));
            if (SubmissionJournal.Open(_path, s_task).Position.Done < 0)
                throw new WrongAnswerException("a journal of fewer than no recordings");
        }
        finally
        {
            File.Delete(_path);
        }
    }

    private byte[] Written()
    {
        var journal = SubmissionJournal.Open(_path, s_task);
        journal.Advance(120, "ptb-xl/120");
        journal.Write();
        return File.ReadAllBytes(_path);
    }
}
