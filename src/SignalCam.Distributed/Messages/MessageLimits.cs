using System.Text;

namespace SignalCam.Distributed.Messages;

/// <summary>
/// The most that names, texts and numbers of messages may be. Whoever can reach the broker can send anything: what a database or a line of
/// text cannot hold, and what would take a worker's memory, is refused here, before anything is done with it.
/// </summary>
internal static class MessageLimits
{
    /// <summary>Characters of a recording's id.</summary>
    public const int RecordingId = 500;

    /// <summary>
    /// Bytes of the explainer with its options. It is a part of the results' key, which PostgreSQL's index holds to 2.7 kB in all.
    /// </summary>
    public const int ExplainerBytes = 500;

    /// <summary>Characters of the name of a model or a class.</summary>
    public const int Name = 200;

    /// <summary>Characters of a URI.</summary>
    public const int Uri = 4000;

    /// <summary>Jobs or results of one message.</summary>
    public const int Items = 4096;

    /// <summary>Leads of a recording.</summary>
    public const int Leads = 1000;

    /// <summary>Classes of a model.</summary>
    public const int Classes = 10_000;

    /// <summary>Values of all maps of a result.</summary>
    public const int Cells = 10_000_000;

    /// <summary>Bytes that the samples of one message of jobs take in memory.</summary>
    public const long SampleBytes = 32L << 20;

    public static string NameRule { get; } = $"1 to {Name} characters, none of them a control character";

    public static string RecordingIdRule { get; } = $"1 to {RecordingId} characters, none of them a control character";

    public static string ExplainerRule { get; } = $"at most {ExplainerBytes} bytes of UTF-8, no control character";

    public static bool IsName(string text) => text.Length is > 0 and <= Name && IsPlain(text);

    public static bool IsRecordingId(string text) => text.Length is > 0 and <= RecordingId && IsPlain(text);

    /// <summary>Empty where no explanation is wanted.</summary>
    public static bool IsExplainer(string text) => Encoding.UTF8.GetByteCount(text) <= ExplainerBytes && IsPlain(text);

    /// <summary>
    /// Whether a text has no control character and no half of a surrogate pair, which have no place in a line of text, or in UTF-8.
    /// </summary>
    private static bool IsPlain(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsControl(text[i])
                || (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i]))))
                return false;
        return true;
    }
}
