using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;

namespace SignalCam.Core.Synthetic;

/// <summary>
/// "synthetic": the recordings that <see cref="SyntheticDataset.WriteAsync"/> writes, without files: each is generated when it is read.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SyntheticEcgDataset : IStatementDataset
{
    private readonly PlannedRecording[] _plan;
    private readonly double _samplingRate;

    /// <summary>Draws who is in the set.</summary>
    /// <param name="options">Size and seed; null for the defaults.</param>
    /// <param name="samplingRate">Samples per second and lead, at least 50.</param>
    /// <exception cref="PluginException">An option is not allowed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sampling rate is not allowed.</exception>
    public SyntheticEcgDataset(SyntheticDatasetOptions? options = null, double samplingRate = 100)
    {
        SyntheticEcg.Check(new SyntheticOptions { SamplingRate = samplingRate });
        _plan = SyntheticPlan.Draw(PluginOptions.Check("dataset", "synthetic", options));
        _samplingRate = samplingRate;
        Entries = [.. _plan.Select(EntryOf)];
    }

    /// <inheritdoc/>
    public string Name => "synthetic";

    /// <inheritdoc/>
    public IReadOnlyList<EcgEntry> Entries { get; }

    /// <inheritdoc/>
    public PtbXlStatementTable Statements { get; } = new(SyntheticStatement.All.Select(s => new PtbXlStatement(
        s.Code, s.Description, s.Is("diagnostic"), s.Is("form"), s.Is("rhythm"),
        s.Class.Length > 0 ? s.Class : null, s.Subclass.Length > 0 ? s.Subclass : null)));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The entry is not of this set.</exception>
    public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Generate(entry).Signal);
    }

    /// <summary>The abnormality planted in a recording.</summary>
    /// <exception cref="ArgumentException">The entry is not of this set.</exception>
    public IReadOnlyList<SyntheticFinding> FindingsOf(EcgEntry entry) => Generate(entry).Findings;

    private SyntheticRecording Generate(EcgEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!int.TryParse(entry.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id < 1 || id > _plan.Length)
            throw new ArgumentException($"the synthetic set has no recording '{entry.Id}'; there are 1 to {_plan.Length}", nameof(entry));
        return _plan[id - 1].Generate(_samplingRate);
    }

    private static EcgEntry EntryOf(PlannedRecording recording) => new()
    {
        Id = recording.Id.ToString(CultureInfo.InvariantCulture),
        PatientId = recording.Patient.Id.ToString(CultureInfo.InvariantCulture),
        Fold = recording.Patient.Fold,
        Age = recording.Patient.Age,
        Sex = recording.Patient.Sex,
        Statements = recording.Statements,
    };
}
