using SignalCam.Fuzz.Graphs;
using SignalCam.Fuzz.Messages;
using SignalCam.Fuzz.Models;
using SignalCam.Fuzz.Recordings;
using SignalCam.Fuzz.Runs;

namespace SignalCam.Fuzz;

/// <summary>All kinds of inputs.</summary>
public static class FuzzKinds
{
    /// <summary>The kinds, in the order in which they run.</summary>
    public static IReadOnlyList<FuzzKind> All { get; } =
    [
        new RandomGraphKind(),
        new ModelFileKind(),
        new LayerGraphKind(),
        new ModelOptionsKind(),
        new SafetensorsKind(),
        new CheckpointKind(),
        new CacheKind(),
        new RunKind(),
        new TrainingStateKind(),
        new JobsKind(),
        new ResultsKind(),
        new JournalKind(),
        new PtbXlKind(),
        new UploadKind(),
        .. FormatKind.All,
    ];

    /// <summary>The kind of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static FuzzKind Find(string name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new ArgumentException(
            $"no kind is called '{name}'; there are {string.Join(", ", All.Select(kind => kind.Name))}", nameof(name));
}
