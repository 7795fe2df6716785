using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;

namespace SignalCam.Viewer.Recordings;

/// <summary>Synthetic recordings that are always there, so that a page has something to show at once.</summary>
internal static class ExampleRecordings
{
    // Drawn once and kept: the same recordings on every machine.
    private static readonly StoredRecording[] s_all =
    [
        Make("inferior-infarction", "IMI", "an inferior infarction", 8),
        Make("left-hypertrophy", "LVH", "a left ventricular hypertrophy", 5),
        Make("left-bundle-branch-block", "CLBBB", "a complete left bundle branch block", 7),
        Make("normal", null, null, 11),
    ];

    /// <summary>All of them, the one to show first first.</summary>
    public static IReadOnlyList<StoredRecording> All => s_all;

    /// <summary>The example with this id; null where there is none.</summary>
    public static StoredRecording? Find(string id) => Array.Find(s_all, e => e.Id.Equals(id, StringComparison.Ordinal));

    private static StoredRecording Make(string name, string? statement, string? words, ulong seed)
    {
        var options = new SyntheticOptions
        {
            Statements = statement is null ? [] : [statement],
            Strength = 0.9,
            HeartRate = 72,
            BaselineWander = 0.12,
            SamplingRate = 500,
        };
        var made = SyntheticEcg.Generate(options, new EcgRandom(seed));
        var planted = made.Findings.Count > 0 ? made.Findings[0] : null;
        return new StoredRecording(
            $"example-{name}", $"Example: {name.Replace('-', ' ')}", RecordingSource.Example, made.Signal,
            planted is null
                ? "Synthetic, with nothing planted."
                : $"Synthetic, with {words} planted; it shows in {string.Join(", ", planted.Leads)}.");
    }
}
