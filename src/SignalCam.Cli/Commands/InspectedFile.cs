using SignalCam.Abstractions;
using SignalCam.Core.Measurements;

namespace SignalCam.Cli.Commands;

/// <summary>A file that was inspected: its recording, or what keeps it from being read.</summary>
internal sealed class InspectedFile
{
    private const int FirstCount = 10;

    public InspectedFile(string file, EcgRecording recording, IReadOnlyList<EcgFinding> findings, bool showsPatient)
    {
        (File, Recording, Findings, ShowsPatient) = (file, recording, findings, showsPatient);
        Measurements = EcgMeasurements.Of(recording.Signal);
        Leads = [.. recording.Signal.Leads.Select((name, lead) =>
            new InspectedLead(name, recording.Units.ElementAtOrDefault(lead), recording.Signal.Lead(lead)))];
    }

    public InspectedFile(string file, string error) => (File, Error) = (file, error);

    public string File { get; }

    public EcgRecording? Recording { get; }

    public string? Error { get; }

    public bool ShowsPatient { get; }

    /// <summary>Null where the file could not be read.</summary>
    public EcgMeasurements? Measurements { get; }

    public IReadOnlyList<InspectedLead> Leads { get; } = [];

    /// <summary>What the built-in checks find.</summary>
    public IReadOnlyList<EcgFinding> Findings { get; } = [];

    /// <summary>The entry of the array that `inspect --json` writes.</summary>
    public object ToJson() => Recording is { } recording
        ? new
        {
            File,
            recording.Format,
            recording.Signal.SamplingRate,
            recording.Signal.Length,
            Start = recording.Start?.ToString(),
            Leads = Leads.Select(l => new { l.Name, l.Unit, l.FirstMv, l.MinMv, l.MaxMv }),
            OtherChannels = recording.OtherChannels.Select(Channel),
            MedianBeat = recording.MedianBeat is { } beat ? new { beat.SamplingRate, beat.Length, beat.Leads } : null,
            Annotations = recording.Annotations.Select(a => new { a.Text, a.Value, a.Seconds, a.Duration, a.Lead }),
            // Values may hold more about a person than their names tell; they are shown together with the patient's fields.
            Metadata = ShowsPatient ? (object)recording.Metadata : recording.Metadata.Keys,
            Patient = ShowsPatient ? recording.Patient : null,
            recording.Warnings,
            Measurements = MeasurementOutput.ToJson(Measurements!),
            Findings = Findings.Select(
                f => new { f.Code, Severity = f.Severity.ToString().ToLowerInvariant(), f.Sentence, f.Leads, f.Stretch, f.Value }),
        }
        : new { File, Error };

    private static object Channel(EcgChannel channel)
    {
        var lead = new InspectedLead(channel.Name, channel.Unit, channel.Samples.Span);
        return new { lead.Name, lead.Unit, channel.SamplingRate, channel.Samples.Length, First = lead.FirstMv, Min = lead.MinMv,
            Max = lead.MaxMv };
    }

    /// <summary>What is shown of the samples of a lead, in mV, or of another channel in its own unit. A missing sample is null.</summary>
    internal sealed class InspectedLead
    {
        public InspectedLead(string name, string? unit, ReadOnlySpan<float> samples)
        {
            (Name, Unit) = (name, unit);
            FirstMv = [.. samples[..Math.Min(FirstCount, samples.Length)].ToArray().Select(v => float.IsNaN(v) ? (float?)null : v)];
            foreach (var sample in samples)
            {
                if (float.IsNaN(sample))
                {
                    Missing++;
                    continue;
                }
                MinMv = MinMv is null || sample < MinMv ? sample : MinMv;
                MaxMv = MaxMv is null || sample > MaxMv ? sample : MaxMv;
            }
        }

        public string Name { get; }

        /// <summary>As the file states it.</summary>
        public string? Unit { get; }

        public IReadOnlyList<float?> FirstMv { get; }

        public float? MinMv { get; }

        public float? MaxMv { get; }

        /// <summary>Number of missing samples.</summary>
        public int Missing { get; }
    }
}
