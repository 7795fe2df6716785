using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Audit;

/// <summary>What all parts of an audit share: the model, the recordings, and which of them go together through the network.</summary>
internal sealed class AuditPlan
{
    private readonly CancellationToken _cancellationToken;

    public AuditPlan(EcgModel model, IReadOnlyList<AuditedRecording> recordings, AuditOptions options, CancellationToken cancellationToken)
    {
        (Model, Recordings, Options, _cancellationToken) = (model, recordings, options, cancellationToken);
        var tolerance = (int)Math.Round(options.PointingTolerance * model.Input.SamplingRate);
        Near = [.. recordings.Select(r => r.Truth?.Widened(tolerance))];
        Batches = Batched(Enumerable.Range(0, recordings.Count));
        var wanted = Math.Min(options.SubsetRecordings, recordings.Count);
        Subset = Batched(Enumerable.Range(0, wanted).Select(i => (int)((long)i * recordings.Count / wanted)));
    }

    public EcgModel Model { get; }

    public IReadOnlyList<AuditedRecording> Recordings { get; }

    public AuditOptions Options { get; }

    /// <summary>All recordings; those of a batch explain the same class.</summary>
    public IReadOnlyList<int[]> Batches { get; }

    /// <summary>Some recordings, for what is expensive.</summary>
    public IReadOnlyList<int[]> Subset { get; }

    /// <summary>Each recording's truth with the pointing game's tolerance; every explainer is held against it.</summary>
    public IReadOnlyList<TruthMask?> Near { get; }

    public int ClassOf(int row)
    {
        var classes = Model.Manifest.Classes;
        for (var c = 0; c < classes.Count; c++)
            if (classes[c] == Recordings[row].Class)
                return c;
        throw new PluginException($"the model has no class '{Recordings[row].Class}'; there are: {string.Join(", ", classes)}");
    }

    /// <summary>The maps of one batch.</summary>
    public HeatMap[] Maps(IEcgExplainer explainer, EcgModel model, int[] rows) =>
        Maps(explainer, model, rows, [.. rows.SelectMany(row => Recordings[row].Prepared)]);

    /// <summary>The maps of one batch whose samples have been changed.</summary>
    public HeatMap[] Maps(IEcgExplainer explainer, EcgModel model, int[] rows, float[] samples)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        var batch = ClassBatch.Of(model, samples, [.. rows.Select(ClassOf)]);
        return [.. explainer.Explain(batch).Select(map => explainer.Steps.Apply(map, model.Input))];
    }

    public void ThrowIfCancelled() => _cancellationToken.ThrowIfCancellationRequested();

    private int[][] Batched(IEnumerable<int> rows) =>
        [.. rows.GroupBy(row => Recordings[row].Class).SelectMany(group => group.Chunk(ExplanationAudit.Batch))];
}

/// <summary>What is gathered of one explainer: its strips, and one value of each figure for each recording.</summary>
internal sealed class AuditTally(string name, int recordings)
{
    public string Name => name;

    public float[][] Strips { get; } = new float[recordings][];

    public OrderedDictionary<string, double?[]> Values { get; } = [];

    public bool AnswersWhichLead { get; private set; }

    public HeatMapSign Sign { get; private set; }

    public TimeSpan Elapsed { get; set; }

    public void Keep(int row, HeatMap map)
    {
        Strips[row] = [.. map.Samples];
        (AnswersWhichLead, Sign) = (map.LeadSamples is not null, map.Sign);
    }

    public void Set(string measure, int row, double? value)
    {
        if (!Values.TryGetValue(measure, out var values))
            Values[measure] = values = new double?[recordings];
        values[row] = value;
    }
}
