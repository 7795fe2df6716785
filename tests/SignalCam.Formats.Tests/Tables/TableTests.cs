using System.Globalization;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Formats.Tables;
using SignalCam.Testing;

namespace SignalCam.Formats.Tests.Tables;

public class TableTests
{
    private static readonly EcgReadOptions Known = new() { SamplingRate = 500, Unit = "mV" };

    /// <summary>The tables hold the clean recording of the other cases, printed with four decimals.</summary>
    [SkippableTheory]
    [InlineData("20-csv-atm-elapsed/atm_elapsed.csv", false)]
    [InlineData("20-csv-excel-sep/excel_sep.csv", false)]
    [InlineData("20-csv-index-col/index_col.csv", true)]
    [InlineData("20-csv-mv-underscore/mv_underscore.csv", false)]
    [InlineData("20-csv-nan-NA/nan_NA.csv", false)]
    [InlineData("20-csv-tab-comma/tab_comma.tsv", false)]
    [InlineData("20-csv-timestamp-iso/timestamp_iso.csv", false)]
    [InlineData("20-csv-trailing-sep/trailing_sep.csv", false)]
    [InlineData("20-csv-unit-row/unit_row.csv", false)]
    [InlineData("21-csv-on-command-line/ok_mv.csv", false)]
    public void Tables_that_people_have_give_the_recording(string file, bool needsOptions)
    {
        var path = TestData.Shared("cases/" + file);
        var clean = WfdbReader.ReadSignal(TestData.Shared("cases/10-baseline-written-as-float/Q0001.hea"));

        var recording = EcgFile.Read(path, needsOptions ? Known : null);

        Assert.Equal("csv", recording.Format);
        Assert.Equal(new SignalLayout(SignalLayout.StandardLeads, 5000, 500), recording.Signal.Layout);
        for (var lead = 0; lead < 12; lead++)
            for (var t = 0; t < 5000; t++)
                if (!float.IsNaN(recording.Signal.Lead(lead)[t]))
                    Assert.Equal(clean.Lead(lead)[t], recording.Signal.Lead(lead)[t], 5.01e-4f);
        Assert.InRange(recording.Signal.Samples.ToArray().Count(float.IsNaN), 0, 1);
    }

    [Theory]
    [InlineData("time (s),II (mV)\n0,0.5\n0.002,0.25\n0.004,1\n")]
    [InlineData("time (ms);II [uV]\n0;500\n2;250\n4;1000\n")]
    [InlineData("Zeit (ms);II (\u00B5V)\n0,0;500,0\n2,0;250,0\n4,0;1000,0\n")]
    [InlineData("t\tII_mV\n0\t0,5\n0,002\t0,25\n0,004\t1\n")]
    [InlineData("time II\ns mV\n0 0.5\n0.002 0.25\n0.004 1\n")]
    [InlineData("   Elapsed time      II\n   (seconds)    (mV)\n     0.000   0.5\n     0.002   0.25\n     0.004   1\n")]
    [InlineData("\"t_ms\" \"II_mV\"\n\"1\" 0 0.5\n\"2\" 2 0.25\n\"3\" 4 1\n")] // R's write.table
    [InlineData("sep=|\ntime_s|II (mV)\n0|0.5\n0.002|0.25\n0.004|1\n")]
    [InlineData("time (s),II (mV),\n0,0.5,\n0.002,0.25,\n0.004,1,\n")]
    [InlineData("\"time (s)\",\"II (mV)\"\r\n\"0\",\"0.5\"\r\n\"0.002\",\"0.25\"\r\n\"0.004\",\"1\"\r\n")]
    [InlineData("\"time (s)\",\"II (mV)\"\n\"0,0\",\"0,5\"\n\"0,002\",\"0,25\"\n\"0,004\",\"1,0\"\n")]
    [InlineData("clock,II (mV)\n10:00:00.000,0.5\n10:00:00.002,0.25\n10:00:00.004,1\n")]
    [InlineData("x,II (mV)\n23:59:59.998,0.5\n00:00:00.000,0.25\n00:00:00.002,1\n")]
    [InlineData("timestamp,II (mV)\n2023-05-01 10:00:00.000,0.5\n2023-05-01 10:00:00.002,0.25\n2023-05-01 10:00:00.004,1\n")]
    [InlineData("timestamp,II (mV)\n1682935200.000,0.5\n1682935200.002,0.25\n1682935200.004,1\n")]
    [InlineData("timestamp,II (mV)\n1682935200000,0.5\n1682935200002,0.25\n1682935200004,1\n")]
    [InlineData("# from a device\n# fs: 500 Hz\nII (mV)\n0.5\n0.25\n1\n")]
    [InlineData("Sample Rate,500 hertz\nLead,Lead II\nUnit,\u00B5V\n\n500,\n250,\n1000,\n")]
    [InlineData("Sampling frequency = 0.5 kHz\nunits = mV\n\nsample,II\n0,0.5\n1,0.25\n2,1\n")]
    [InlineData("time (s),0,0.002,0.004\nII (mV),0.5,0.25,1\n")]
    [InlineData("fs=500\nII;mV;0,5;0,25;1,0\n")]
    [InlineData("% time (s),II (mV)\n0,0.5\n0.002,0.25\n0.004,1\n")]
    [InlineData("time (s),II (mV),label\n0,0.5,N\n0.002,0.25,N\n0.004,1,N\n")]
    [InlineData("\uFEFFtime (s),II (mV)\n0.000,5e-1\n0.002,+.25\n0.004,1.\n")]
    [InlineData("time (s),ECG II (nV)\n0,500000\n0.002,250000\n0.004,1000000\n\n\n")]
    public void Each_of_these_is_the_same_recording(string table)
    {
        foreach (var encoding in (Encoding[])[new UTF8Encoding(false), Encoding.Latin1, new UnicodeEncoding(false, true)])
        {
            if (encoding is not UTF8Encoding && table[0] == '\uFEFF')
                continue;
            byte[] bytes = [.. encoding.Preamble, .. encoding.GetBytes(table)];

            var recording = EcgFile.Read(new MemoryStream(bytes));

            Assert.Equal(new SignalLayout(["II"], 3, 500), recording.Signal.Layout);
            Assert.Equal([0.5f, 0.25f, 1], recording.Signal.Lead(0).ToArray());
        }
    }

    [Theory]
    [InlineData(",I,II\n0,0.5,0.25\n1,0.5,0.25\n", "no unit of I and no column of times",
        "EcgReadOptions.Unit; and one, as in 'time (s)', a line 'sampling rate: 500 Hz' above the table, or EcgReadOptions.SamplingRate")]
    [InlineData("time (s),I,II\n0,0.5,0.25\n0.002,0.5,0.25\n", "no unit of I", "EcgReadOptions.Unit")]
    [InlineData("time (s),I (ADC)\n0,5\n0.002,5\n", "unit 'ADC' of I", "EcgReadOptions.Unit")]
    [InlineData("time (s),Temp (degC)\n0,5\n0.002,5\n", "no ECG lead", "the names of leads")]
    [InlineData("Elapsed time I II\n0.000 1 2\n0.002 3 4\n", "3 columns without the names of leads", "EcgReadOptions.Leads")]
    [InlineData("0.5,0.25\n0.5,0.25\n", "2 columns without the names of leads and no unit of signal 1 and no column of times",
        "EcgReadOptions.Leads")]
    [InlineData("time,I (mV)\n0,0.5\n2,0.25\n4,1\n", "steps of 2 without a unit", "EcgReadOptions.SamplingRate")]
    [InlineData("time (s),I (mV)\n0,0.5\n0.002,0.25\n0.009,1\n", "time 0.002 s", "equal distances")]
    [InlineData("time (s),I (mV)\n0,0.5\n0,0.25\n0,1\n", "time 0 s", "times that rise")]
    [InlineData("time (s),I (mV)\n0,0.5\n0.002,abc\n0.004,1\n", "'abc' in column 2 (I)", "a number")]
    [InlineData("time (s),I (mV)\n0,0.5\n0.002\n0.004,1\n", "1 fields", "2, as in line 2")]
    [InlineData("time (s),I (mV)\n0,0.5\n0.002,1,2\n0.004,1\n", "more than 2 fields", "2, as in line 2")]
    [InlineData("time (s),I (mV)\n0,0.5\n,1\n0.004,1\n", "time ''", "a time in every line")]
    [InlineData("fs: 250 Hz\ntime (s),I (mV)\n0,0.5\n0.002,1\n0.004,1\n", "times at 500 Hz", "250 Hz")]
    [InlineData("time (s),I (mV)\n0,0.5\n", "1 line of samples", "at least 2")]
    public void What_is_missing_or_malformed_is_said_with_the_option_that_helps(string table, string found, string expected)
    {
        var error = Assert.Throws<EcgFormatException>(() => new EcgFileReader([new TableFormat()])
            .Read(new MemoryStream(Encoding.UTF8.GetBytes(table))));

        Assert.Contains(found, error.Found, StringComparison.Ordinal);
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_give_what_a_table_does_not_say()
    {
        var options = new EcgReadOptions { Leads = ["II", "V5"], Unit = "0.005", SamplingRate = 360 };
        foreach (var table in (string[])["100,-200\n0,40\n", ",0,1\n0,100,-200\n1,0,40\n", "a,b\n100,-200\n0,40\n"])
        {
            var recording = EcgFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(table)), options: options);
            Assert.Equal(new SignalLayout(["II", "V5"], 2, 360), recording.Signal.Layout);
            Assert.Equal([0.5f, 0, -1, 0.2f], recording.Signal.Samples.ToArray());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("NA")]
    [InlineData("nan")]
    [InlineData("-")]
    [InlineData("null")]
    [InlineData("#N/A")]
    [InlineData("?")]
    public void A_missing_value_is_a_gap(string missing)
    {
        var recording = EcgFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(
            $"time (s),I (mV),II (mV)\n0,1,{missing}\n0.01,{missing},4\n0.02,5,6\n")));

        Assert.Equal([1, float.NaN, 5, float.NaN, 4, 6], recording.Signal.Samples.ToArray());
    }

    [Fact]
    public void Other_signals_are_set_aside_in_their_unit_and_the_preamble_is_told_apart()
    {
        const string Table =
            "Name,Jane Doe\nDevice,Watch\nRecorded Date,2020-05-05 09:49:17 +0200\nSample Rate,100\n" +
            "I (mV),Resp (Ohm),HR\n1,20,70\n2,30,71\n";
        var recording = EcgFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(Table)),
            options: new EcgReadOptions { IncludePatient = true });

        Assert.Equal(["I"], recording.Signal.Leads);
        Assert.Equal(["mV"], recording.Units);
        Assert.Equal([("Resp", "Ohm"), ("HR", null)], recording.OtherChannels.Select(c => (c.Name, c.Unit)));
        Assert.Equal([20, 30], recording.OtherChannels[0].Samples.ToArray());
        Assert.Equal("Watch", recording.Metadata["device"]);
        Assert.Equal("Jane Doe", recording.Patient["name"]);
        Assert.Equal("2020-05-05T09:49:17+02:00", recording.Start.ToString());
        Assert.Empty(EcgFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(Table))).Patient);
    }

    [Theory]
    [InlineData("2023-05-01T10:00:00.000Z", "2023-05-01T10:00:00+00:00")]
    [InlineData("2023-05-01T10:00:00.000+02:00", "2023-05-01T10:00:00+02:00")]
    [InlineData("01.05.2023 10:00:00,000", "2023-05-01T10:00:00")]
    [InlineData("25/05/2023 10:00:00.000", "2023-05-25T10:00:00")]
    [InlineData("05/25/2023 10:00:00.000", "2023-05-25T10:00:00")]
    [InlineData("05/04/2023 10:00:00.000", null)]
    [InlineData("[10:00:00.000 25/05/2023]", "2023-05-25T10:00:00")]
    [InlineData("10:00:00.000", null)]
    public void The_start_is_read_where_day_and_month_can_be_told_apart(string first, string? start)
    {
        var second = first.Replace("00.000", "00.004", StringComparison.Ordinal).Replace("00,000", "00,004", StringComparison.Ordinal);
        var recording = EcgFile.Read(new MemoryStream(Encoding.UTF8.GetBytes($"time;I (mV)\n{first};1\n{second};2\n")));

        Assert.Equal(250, recording.Signal.SamplingRate);
        Assert.Equal(start, recording.Start?.ToString());
    }

    [Theory]
    [InlineData(500, 3)]
    [InlineData(360, 3)]
    [InlineData(360, 4)]
    [InlineData(1000, 3)]
    [InlineData(257, 6)]
    public void Times_that_are_rounded_give_the_rate_all_the_same(double rate, int decimals)
    {
        var table = new StringBuilder("time (s),I (mV)\n");
        for (var t = 0; t < 10 * rate; t++)
            table.Append(CultureInfo.InvariantCulture, $"{Math.Round(t / rate, decimals)},{t % 7}\n");
        Assert.Equal(rate, EcgFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(table.ToString()))).Signal.SamplingRate);
    }

    [Fact]
    public void A_rate_that_is_no_whole_number_is_not_rounded_to_one()
    {
        var table = new StringBuilder("time (s),I (mV)\n");
        for (var t = 0; t < 2500; t++)
            table.Append(CultureInfo.InvariantCulture, $"{t / 249.89:0.000000},{t % 7}\n");
        Assert.Equal(249.89, EcgFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(table.ToString()))).Signal.SamplingRate, 1e-4);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(360)]
    [InlineData(249.89)]
    [InlineData(1000.0 / 3)]
    [InlineData(0.5)]
    public void What_is_written_reads_back_to_the_same_bits(double rate)
    {
        using var folder = TestData.Folder();
        var random = new EcgRandom(3);
        for (var length = 1; length < 5000; length = (length * 5) + 1)
        {
            var samples = new float[2 * length];
            foreach (ref var sample in samples.AsSpan())
                sample = random.Below(9) switch { 0 => float.NaN, 1 => -0f, 2 => (float)random.Normal() * 1e-20f,
                    3 => (float)random.Normal() * 1e9f, 4 =>
                    MathF.Round((float)random.Normal() * 1000) / 1000, _ => (float)random.Normal() };
            var signal = new EcgSignal(samples, new SignalLayout(["aVR", "MLII, x"], length, rate));

            EcgCsv.Write(folder["r.csv"], signal);
            var read = EcgFile.Read(folder["r.csv"]).Signal;

            Assert.Equal(signal.Layout, read.Layout);
            Assert.Equal(samples.Select(BitConverter.SingleToInt32Bits), read.Samples.ToArray().Select(BitConverter.SingleToInt32Bits));
        }
        Assert.Single(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        using var folder = TestData.Folder();
        Assert.Contains("sample 1", Assert.Throws<ArgumentException>(() =>
            EcgCsv.Write(folder["r.csv"], new EcgSignal([0, float.PositiveInfinity], new SignalLayout(["I"], 2, 500)))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => EcgCsv.Write(folder["r.csv"], new EcgSignal([0], new SignalLayout(["I\n"], 1, 500))));
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Theory]
    [InlineData("{\"a\": 1, \"b\": 2}\n")]
    [InlineData("<xml>1,2</xml>\n")]
    [InlineData("Dear reader,\nthis is a letter, and no table.\n")]
    [InlineData("\0\0\0\0")]
    public void Other_text_is_not_taken_for_a_table(string text) =>
        Assert.Contains("csv", Assert.Throws<EcgFormatException>(() => EcgFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text))))
            .Expected, StringComparison.Ordinal);
}
