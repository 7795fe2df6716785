using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Formats.Tests.Wfdb;

public class WfdbFormatTests
{
    /// <summary>Inputs that users reported; each holds the same recording, of which the plain reader reads this one.</summary>
    private const string Clean = "cases/10-baseline-written-as-float/Q0001.hea";

    [SkippableTheory]
    [InlineData("01-cinc2020-2021-date-before-time", "2020-05-05T09:49:17")]
    [InlineData("03-cinc2017-iso-date", "2014-05-08T05:05:15")]
    [InlineData("04-date-2digit-year", null)]
    [InlineData("04-date-year-only", null)]
    [InlineData("06-extra-channel-resp", null)]
    [InlineData("09-unit-microvolt", null)]
    [InlineData("09-unit-nV", null)]
    [InlineData("10-baseline-written-as-float", null)]
    [InlineData("16-names-chest-c", null)]
    [InlineData("16-names-ecg-dash", null)]
    public void A_header_as_it_is_found_gives_the_recording(string folder, string? start)
    {
        var clean = WfdbReader.ReadSignal(TestData.Shared(Clean));

        var recording = EcgFile.Read(TestData.Shared($"cases/{folder}/Q0001.hea"));

        Assert.Equal("wfdb", recording.Format);
        Assert.Equal(clean.Layout, recording.Signal.Layout);
        for (var i = 0; i < clean.Samples.Length; i++)
            Assert.Equal(clean.Samples.Span[i], recording.Signal.Samples.Span[i], 1e-6f);
        Assert.Equal(start, recording.Start?.ToString());
        Assert.Equal(folder.StartsWith("04", StringComparison.Ordinal) ? 1 : 0, recording.Warnings.Count);
    }

    [SkippableFact]
    public void Names_with_a_path_are_looked_up_beside_the_header()
    {
        var clean = WfdbReader.ReadSignal(TestData.Shared(Clean));

        var recording = EcgFile.Read(TestData.Shared("cases/05-record-and-file-with-path/Q0001.hea"));

        Assert.Contains("names with a path", Assert.Single(recording.Warnings), StringComparison.Ordinal);
        for (var i = 0; i < clean.Samples.Length; i++)
            Assert.Equal(clean.Samples.Span[i], recording.Signal.Samples.Span[i], 6e-4f);
    }

    [SkippableFact]
    public void A_signal_that_is_no_lead_is_set_aside_in_its_unit()
    {
        var recording = EcgFile.Read(TestData.Shared("cases/06-extra-channel-resp/Q0001.hea"));

        var channel = Assert.Single(recording.OtherChannels);
        Assert.Equal(("RESP", "NU", 500.0, 5000), (channel.Name, channel.Unit, channel.SamplingRate, channel.Samples.Length));
        Assert.Equal(0.069f, channel.Samples.Span[0]);
        Assert.Equal(Enumerable.Repeat("mV", 12), recording.Units);
    }

    [SkippableTheory]
    [InlineData("07-longer-than-10s", 7500)]
    [InlineData("08-shorter-than-10s", 3000)]
    [InlineData("13-microvolts-declared-as-millivolts", 5000)]
    [InlineData("14-no-signal-at-all", 5000)]
    public void What_a_later_step_judges_is_read_as_it_is(string folder, int length) =>
        Assert.Equal(new SignalLayout(SignalLayout.StandardLeads, length, 500),
            EcgFile.Read(Path.Combine(TestData.Shared($"cases/{folder}"), "Q0001")).Signal.Layout);

    [SkippableFact]
    public void An_invalid_sample_is_a_gap_where_it_is_stored_or_bridged_by_option()
    {
        var path = TestData.Shared("cases/11-one-invalid-sample/Q0001.hea");
        var lead = EcgFile.Read(path).Signal.Lead("V3");
        Assert.True(float.IsNaN(lead[2500]));
        Assert.Equal(1, lead.ToArray().Count(float.IsNaN));

        var bridged = EcgFile.Read(path, new EcgReadOptions { BridgeGaps = 0.01 });
        Assert.Equal((lead[2499] + lead[2501]) / 2, bridged.Signal.Lead("V3")[2500], 1e-6f);
        Assert.Contains("lead V3, sample 2500", Assert.Single(bridged.Warnings), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_wrong_checksum_is_an_error_or_by_option_a_warning()
    {
        var path = TestData.Shared("cases/15-checksum-field-0/Q0001.hea");
        Assert.Contains("checksum 17591", Assert.Throws<EcgFormatException>(() => EcgFile.Read(path)).Found, StringComparison.Ordinal);

        var recording = EcgFile.Read(path, new EcgReadOptions { Lenient = true });

        Assert.Equal(WfdbReader.ReadSignal(TestData.Shared(Clean)).Samples.ToArray(), recording.Signal.Samples.ToArray());
        Assert.Equal(12, recording.Warnings.Count);
        Assert.Equal("signal 0 (I) has checksum 17591, but the header states 0", recording.Warnings[0]);
    }

    [SkippableTheory]
    [InlineData("cases/01-cinc2020-2021-date-before-time/Q0001.mat")]
    [InlineData("cases/01-cinc2020-2021-date-before-time/Q0001")]
    [InlineData("cases/10-baseline-written-as-float/Q0001.dat")]
    [InlineData("formats/cinc2021/E07500.mat")]
    public void Any_file_of_a_recording_names_it(string path)
    {
        var full = Path.Combine(Path.GetDirectoryName(TestData.Shared(Path.ChangeExtension(path, ".hea")))!, Path.GetFileName(path));
        var expected = WfdbReader.ReadSignal(Path.ChangeExtension(full, ".hea")).Samples.ToArray();

        Assert.Equal("wfdb", EcgFile.Read(full).Format);
        Assert.Equal(expected, EcgFile.Read(full).Signal.Samples.ToArray());
        Assert.Equal(expected, WfdbReader.ReadSignal(full).Samples.ToArray());
    }

    [SkippableFact]
    public void Recordings_of_the_challenge_of_2021_are_read_with_their_checksums()
    {
        foreach (var header in Directory.EnumerateFiles(TestData.Shared("formats/cinc2021"), "*.hea"))
        {
            var recording = EcgFile.Read(header, new EcgReadOptions { IncludePatient = true });
            Assert.Equal(new SignalLayout(SignalLayout.StandardLeads, 5000, 500), recording.Signal.Layout);
            Assert.True(recording.Metadata["dx"].Split(',').All(code => long.TryParse(code, out _)));
            Assert.Contains(recording.Patient["sex"], (string[])["Male", "Female"]);
            Assert.InRange(int.Parse(recording.Patient["age"], null), 1, 120);
            Assert.Empty(recording.Warnings);
        }
    }

    [Fact]
    public void Comments_are_told_apart_and_free_text_counts_as_the_patients()
    {
        const string Header =
            "r 1 100 2\nr.dat 16 1/mV 16 0 1 3 0 I\n# Age: 61\n#Sex: F\n# Dx: 426783006,59118001\n" +
            "# <height>: 170  <Weight>: 64\n# 69 M 1085 1629 x1\n# Rx: Unknown\n";

        var recording = Read(Header, new EcgReadOptions { IncludePatient = true }, ("r.dat", [1, 0, 2, 0]));

        Assert.Equal("426783006,59118001", recording.Metadata["dx"]);
        Assert.Equal(
            [("age", "61"), ("comments", "69 M 1085 1629 x1"), ("height", "170"), ("sex", "F"), ("weight", "64")],
            recording.Patient.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, p.Value)));
        Assert.Empty(Read(Header, null, ("r.dat", [1, 0, 2, 0])).Patient);
    }

    [Fact]
    public void Leads_of_another_rate_are_set_aside()
    {
        var recording = Read(
            "r 4 100 2\nr.dat 80x2 100/mV 8 0 0 0 0 II\nr.dat 80x2 100/mV 8 0 0 0 0 V\n" +
            "r.dat 80 100/mV 8 0 0 0 0 III\nr.dat 80 1/mmHg 8 0 0 0 0 ABP\n",
            new EcgReadOptions { Lenient = true }, ("r.dat", [129, 130, 131, 132, 133, 134, 139, 140, 141, 142, 143, 144]));

        Assert.Equal(new SignalLayout(["II", "V"], 4, 200), recording.Signal.Layout);
        Assert.Equal([0.01f, 0.02f, 0.11f, 0.12f], recording.Signal.Lead(0).ToArray());
        Assert.Equal([("III", "mV", 100.0), ("ABP", "mmHg", 100.0)], recording.OtherChannels.Select(c => (c.Name, c.Unit, c.SamplingRate)));
        Assert.Equal([0.05f, 0.15f], recording.OtherChannels[0].Samples.ToArray());
        Assert.Equal([6, 16], recording.OtherChannels[1].Samples.ToArray());
        // Checksums and initial values of 0 do not match.
        Assert.Equal(8, recording.Warnings.Count);
    }

    [Fact]
    public void Voltages_that_are_called_otherwise_are_leads_only_where_there_is_nothing_else()
    {
        var recording = Read("r 2 100 1\nr.dat 80 1/uV 8 0 1 1 0 EEG Fpz-Cz\nr.dat 80 1 8 0 2 2 0 marker\n", null, ("r.dat", [129, 130]));

        Assert.Equal(["EEG Fpz-Cz"], recording.Signal.Leads);
        Assert.Equal("marker", Assert.Single(recording.OtherChannels).Name);
        Assert.Contains("no signal is called like an ECG lead", Assert.Single(recording.Warnings), StringComparison.Ordinal);
        var error = Assert.Throws<EcgFormatException>(() => Read("r 2 100 1\nr.dat 80 1/mmHg 8 0 1 1 0 ABP\nr.dat 80 1/% 8 0 2 2 0 SpO2\n",
            null, ("r.dat", [129, 130])));
        Assert.Contains("ABP in mmHg, SpO2 in %", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_leads_come_from_the_option_where_the_header_states_none()
    {
        var recording = Read("r 2 100 1\nr.dat 80 1/mV\nr.dat 80 1/mV\n", new EcgReadOptions { Leads = ["II", "V5"] },
            ("r.dat", [129, 130]));
        Assert.Equal(["II", "V5"], recording.Signal.Leads);
        Assert.Throws<EcgFormatException>(() => Read("r 2 100 1\nr.dat 80 1/mV\nr.dat 80 1/mV\n", new EcgReadOptions { Leads = ["II"] },
            ("r.dat", [129, 130])));
    }

    [Fact]
    public void Segments_and_several_files_are_read_through_the_files_beside_the_header()
    {
        var recording = Read(
            "m/3 2 100 5\nlay 0\ns1 2\n~ 3\n", null,
            ("lay.hea", Encoding.ASCII.GetBytes("lay 2 100 0\n~ 0 1/mV 12 0 0 0 0 I\n~ 0 1/mmHg 12 0 0 0 0 ABP\n")),
            ("s1.hea", Encoding.ASCII.GetBytes("s1 2 100 2\na.dat 80 1/mV 8 0 1 3 0 I\nb.dat 80 2(1)/mmHg 8 0 3 8 0 ABP\n")),
                ("a.dat", [129, 130]), ("b.dat", [131, 133]));

        Assert.Equal([1, 2, float.NaN, float.NaN, float.NaN], recording.Signal.Lead(0).ToArray());
        Assert.Equal([1, 2, float.NaN, float.NaN, float.NaN], recording.OtherChannels[0].Samples.ToArray());
    }

    [Theory]
    [InlineData("r 1 500 2\nr.dat 16\n", true)]
    [InlineData("# comment\n\nr 12 500\nr.dat 212x2:1+24 200\n", true)]
    [InlineData("m/2 1 500 4\ns1 2\ns2 2\n", true)]
    [InlineData("r 0 500\n", true)]
    [InlineData("a b c\n1 2 3\n", false)]
    [InlineData("time I II\n0 0.1 0.2\n", false)]
    [InlineData("0 1 2\n3 4 5\n", false)]
    [InlineData("0 995 1011\n1 995 1011\n", false)]
    [InlineData("r 1 500\nr.dat 17 200\n", false)]
    [InlineData("100 2 360 650000\n100.dat 212 200 11\n", true)]
    [InlineData("I,II\n1,2\n", false)]
    public void A_header_is_recognized_by_its_lines(string text, bool expected) =>
        Assert.Equal(expected, EcgFile.Formats.Single(f => f.Name == "wfdb")
            .Recognizes(new Formats.Sources.MemorySource("x", Encoding.ASCII.GetBytes(text))));

    private static EcgRecording Read(string header, EcgReadOptions? options, params (string Name, byte[] Content)[] files)
    {
        var all = files.ToDictionary(f => f.Name, f => (ReadOnlyMemory<byte>)f.Content);
        all["r.hea"] = Encoding.UTF8.GetBytes(header);
        return EcgFile.Read("r.hea", all, options);
    }
}
