using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;
using SignalCam.Core.PtbXl;

namespace SignalCam.Cli.Commands;

/// <summary>What commands on a PTB-XL folder have in common.</summary>
internal static class DatasetAccess
{
    public static PtbXlDataset Open(string folder, double samplingRate = 100) =>
        PtbXlDataset.Open(folder, new PtbXlOptions { SamplingRate = (int)samplingRate });

    /// <summary>The task of a model file, made with the label policy it was trained with.</summary>
    public static IEcgTask TaskOf(ModelManifest manifest, PtbXlDataset dataset) =>
        PtbXlTasks.Create(manifest.Task, dataset.Statements, manifest.LabelPolicy?.Deserialize<LabelPolicy>(PluginOptions.Json));

    public static JsonObject ToJson(LabelPolicy policy) => PluginOptions.Write(policy);

    public static FoldSet Folds(string option, string text)
    {
        try
        {
            return FoldSet.Parse(text);
        }
        catch (DatasetSplitException e)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }

    public static RecordingReaderOptions Reading(bool skipBad) =>
        new() { OnBadRecording = skipBad ? OnBadRecording.Skip : OnBadRecording.Fail };

    /// <summary>The entries that have a label for a task.</summary>
    public static IReadOnlyList<EcgEntry> Labelled(IEcgTask task, IReadOnlyList<EcgEntry> entries)
    {
        var target = new float[task.Classes.Count];
        return [.. entries.Where(entry => task.TryGetTarget(entry, target))];
    }

    /// <summary>Entries by id, in the order of the ids.</summary>
    public static IReadOnlyList<PtbXlEntry> ByIds(PtbXlDataset dataset, IEnumerable<string> ids)
    {
        var byId = dataset.Entries.ToDictionary(e => e.Id);
        return [.. ids.Select(id => byId.TryGetValue(id, out var entry) ? entry : throw new UsageException($"--ids: no recording {id} in {dataset.Folder}"))];
    }
}
