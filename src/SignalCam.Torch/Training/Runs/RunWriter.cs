using System.Text.Json.Nodes;
using SignalCam.Core.Models;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Training.Runs;

/// <summary>
/// Writes the files of a run while it is trained. The checkpoint comes first and the others follow from it, so that a resume can make up
/// for what a crash between two files left out.
/// </summary>
/// <param name="run">Where the files are.</param>
/// <param name="description">run.json.</param>
/// <param name="identity">The identity with which checkpoints are compared.</param>
/// <param name="describe">The model's manifest with the figures of an epoch; null for none yet.</param>
/// <param name="graph">The network's layer graph; null if it has none.</param>
/// <param name="drawCurves">Draws curves.svg from the finished epochs and the best of them; null for no such file.</param>
internal sealed class RunWriter(
    RunFolder run, RunDescription description, JsonObject identity, Func<EpochStatistics?, ModelManifest> describe, LayerGraph? graph,
    Func<IReadOnlyList<EpochStatistics>, EpochStatistics, string>? drawCurves)
{
    private readonly List<EpochStatistics> _epochs = [];
    private EpochStatistics? _best;

    /// <summary>Updates the files to match a checkpoint.</summary>
    public void Restore(TrainingCheckpoint checkpoint)
    {
        _epochs.AddRange(checkpoint.Position.Epochs);
        _best = checkpoint.Position.Best is { } best ? _epochs[best - 1] : null;
        if (_best is not null)
            new ModelFile(describe(_best), checkpoint.BestWeights!, graph: graph).Save(run.ModelPath);
        WriteFigures();
    }

    public void Keep(TrainingCheckpoint checkpoint) =>
        (checkpoint with { Identity = identity }).Save(
            run.CheckpointPath, describe(checkpoint.Position.Epochs is [.., var last] ? last : null));

    public void EpochEnded(EpochStatistics epoch, EcgNetwork network)
    {
        _epochs.Add(epoch);
        if (epoch.IsBest)
        {
            _best = epoch;
            new ModelFile(describe(epoch), NetworkState.Copy(network), graph: graph).Save(run.ModelPath);
        }
        WriteFigures();
    }

    private void WriteFigures()
    {
        RunFiles.WriteMetrics(run, _epochs);
        if (drawCurves is not null && _best is not null)
            WholeFile.WriteText(run.CurvesPath, drawCurves(_epochs, _best));
    }

    /// <summary>Records why the training ended; if no epoch was finished, the model file gets the current weights.</summary>
    public void Finish(TrainingResult result)
    {
        if (result.Best is null)
            new ModelFile(describe(null), result.LastState, graph: graph).Save(run.ModelPath);
        description.End(
            result.End switch
            {
                TrainingEnd.Completed => RunDescription.Completed,
                TrainingEnd.EarlyStopped => RunDescription.EarlyStopped,
                _ => RunDescription.Cancelled,
            },
            result.Reason, result.Best);
        description.Save();
    }

    /// <summary>Records the error; the files of the training do not change.</summary>
    public void Fail(Exception error)
    {
        // Its message may name recordings and paths, which have no place in this file.
        description.End(RunDescription.Failed, error.GetType().Name, _best);
        try
        {
            description.Save();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk may be what went wrong: the first error is the one to tell.
        }
    }
}
