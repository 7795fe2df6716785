using SignalCam.Abstractions;
using SignalCam.Testing;

namespace SignalCam.Formats.Tests;

/// <summary>
/// Every sample file through <see cref="EcgFile"/>: verdict, leads, rate and length exact, samples within the stated tolerance.
/// </summary>
public class ConformanceTests
{
    /// <summary>Folders of shared/formats whose format is built in.</summary>
    private static readonly HashSet<string> Supported =
    [
        "dicom", "scp-ecg", "edf", "ge-muse-xml", "hl7-aecg", "ishne", "philips-xml", "cinc-header-variants", "matlab-hdf5-numpy",
    ];

    [SkippableTheory]
    [MemberData(nameof(SharedFormats.Rows), MemberType = typeof(SharedFormats))]
    public void A_sample_file_gives_what_independent_readers_found(string folder, string file)
    {
        var path = SharedFormats.Sample($"{folder}/{file}");
        Skip.IfNot(Supported.Contains(folder), $"{folder} is not built in");
        var expected = SharedFormats.Expected(folder, file);
        if (expected.Verdict == "reject")
            Assert.Throws<EcgFormatException>(() => EcgFile.Read(path));
        else if (expected.Verdict == "read or reject")
            ReadOrRefuse(path, expected);
        else if (expected.Verdict.StartsWith("part of ", StringComparison.Ordinal))
            Compare(path, SharedFormats.Expected(folder, expected.Verdict["part of ".Length..]));
        else if (folder == "matlab-hdf5-numpy")
            CompareArray(path, expected);
        else
            Compare(path, expected);
    }

    private static void ReadOrRefuse(string path, ExpectedFile expected)
    {
        EcgRecording recording;
        try
        {
            recording = EcgFile.Read(path);
        }
        catch (EcgFormatException)
        {
            return;
        }
        CompareChannels(recording, expected, expected.Rhythm!);
    }

    private static void Compare(string path, ExpectedFile expected)
    {
        var recording = EcgFile.Read(path);
        CompareChannels(recording, expected, expected.Rhythm!);
        if (expected.Beat is not { } beat)
            return;
        Assert.NotNull(recording.MedianBeat);
        Assert.Equal(beat.SamplingRate, recording.MedianBeat.SamplingRate);
        Assert.Equal(beat.Leads.Select(l => l.Name).Order(), recording.MedianBeat.Leads.Order());
        foreach (var lead in beat.Leads)
            CompareSamples(lead, recording.MedianBeat.Lead(lead.Name).ToArray(), expected.Tolerance, t => t);
    }

    /// <summary>Arrays say neither leads nor rate nor unit: the options do.</summary>
    private static void CompareArray(string path, ExpectedFile expected)
    {
        foreach (var (group, index) in expected.Groups.Select((group, index) => (group, index)))
        {
            var options = new EcgReadOptions
            {
                Index = index,
                SamplingRate = group.SamplingRate ?? 500,
                Leads = [.. group.Leads.Select(l => l.Name)],
                Unit = Path.GetFileName(path) is "level4-val.mat" or "two-records-fortran-bigendian.npy" ? "uV" : "mV",
            };
            CompareChannels(EcgFile.Read(path, options), expected, group with { SamplingRate = options.SamplingRate });
        }
    }

    private static void CompareChannels(EcgRecording recording, ExpectedFile expected, ExpectedGroup group)
    {
        var signal = recording.Signal;
        if (group.SamplingRate is { } rate)
            Assert.Equal(rate, signal.SamplingRate);
        Assert.Equal(group.Leads.Count, signal.Leads.Count + recording.OtherChannels.Count);
        foreach (var lead in group.Leads)
        {
            var name = signal.Leads.FirstOrDefault(l => IsNamed(l, lead.Name));
            var channel = recording.OtherChannels.FirstOrDefault(c => IsNamed(c.Name, lead.Name));
            Assert.True(name is not null || channel is not null, $"no {lead.Name}; there are {string.Join(", ", signal.Leads)}");
            var (samples, factor) = name is not null ? (signal.Lead(name).ToArray(), 1)
                : (channel!.Samples.ToArray(), MillivoltPer(channel.Unit));
            if (lead.SamplingRate is { } own)
                Assert.Equal(own, name is not null ? signal.SamplingRate : channel!.SamplingRate);
            CompareSamples(lead, Array.ConvertAll(samples, v => v * factor), expected.Tolerance, Time(expected, signal, lead));
        }
    }

    /// <summary>Where a stored sample is in the signal: later by the gaps of a discontinuous recording.</summary>
    private static Func<int, int> Time(ExpectedFile expected, EcgSignal signal, ExpectedLead lead)
    {
        var onsets = expected.RecordOnsets;
        if (onsets.Count == 0)
            return t => t;
        var perRecord = lead.Length / onsets.Count;
        return t => (int)Math.Round(onsets[t / perRecord] * signal.SamplingRate) + (t % perRecord);
    }

    private static void CompareSamples(ExpectedLead lead, float[] found, double tolerance, Func<int, int> time)
    {
        Assert.Equal(time(lead.Length - 1) + 1, found.Length);
        foreach (var (t, value) in lead.At)
            AssertClose(value, found[time(t)], tolerance, $"{lead.Name}, sample {t}");
        AssertClose(lead.Min ?? double.NaN, found.Where(v => !float.IsNaN(v)).DefaultIfEmpty(float.NaN).Min(), tolerance,
            $"{lead.Name}, minimum");
        AssertClose(lead.Max ?? double.NaN, found.Where(v => !float.IsNaN(v)).DefaultIfEmpty(float.NaN).Max(), tolerance,
            $"{lead.Name}, maximum");
    }

    /// <summary>Samples are 32-bit floats: beyond 16 mV their own rounding is more than a tolerance of 1e-6 mV.</summary>
    private static void AssertClose(double expected, float found, double tolerance, string what)
    {
        if (double.IsNaN(expected))
            Assert.True(float.IsNaN(found), $"{what}: expected none, found {found}");
        else
            Assert.True(Math.Abs(expected - found) <= Math.Max(tolerance, Math.Abs(expected) * 6e-8),
                $"{what}: expected {expected}, found {found}");
    }

    private static bool IsNamed(string found, string expected) =>
        found.Equals(expected, StringComparison.OrdinalIgnoreCase)
            || found.Equals(expected.Replace("ECG L", "").Replace("ECG ", ""), StringComparison.OrdinalIgnoreCase);

    private static float MillivoltPer(string? unit) => unit switch { "uV" => 1e-3f, "nV" => 1e-6f, "V" => 1e3f, _ => 1 };
}
