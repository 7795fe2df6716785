using SignalCam.Formats.Tests.Fuzzing;

namespace SignalCam.Fuzz.Recordings;

/// <summary>Broken files of a clinical format, or of several that share a name.</summary>
internal sealed class FormatKind(string name, IReadOnlyList<FuzzedFormat> formats) : FuzzKind
{
    /// <summary>One for each format; the FLAC streams of WFDB's signal files are one together.</summary>
    public static IReadOnlyList<FuzzKind> All { get; } =
        [.. FuzzedFormats.All.GroupBy(format => format.Name.Split('-')[0]).Select(group => new FormatKind(group.Key, [.. group]))];

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Description => $"broken files of the format {string.Join(", ", formats.Select(format => format.Name))}: read";

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var recording = formats[(int)(seed % (ulong)formats.Count)].Make(unchecked((int)seed))();
        if (recording.Signal.Samples.Length != recording.Signal.Layout.LeadCount * recording.Signal.Layout.Length)
            throw new WrongAnswerException($"{recording.Signal.Samples.Length} samples of {recording.Signal.Layout}");
    }
}
