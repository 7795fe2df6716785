using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Preprocessing;

/// <summary>Filters against SciPy 1.10 (Debian's python3-scipy); SciPy/filters.py makes the expected values.</summary>
public sealed class FilterTests
{
    private const double Tolerance = 1e-6;

    private static readonly PluginRegistry<ISignalTransform> s_registry =
        BuiltInTransforms.Register(new PluginRegistry<ISignalTransform>("transform"));

    // In the order of filters.py.
    private static readonly ComponentSpec[] s_filters =
    [
        new("band-pass", new JsonObject { ["low"] = 0.5, ["high"] = 40, ["order"] = 2, ["zeroPhase"] = true }),
        new("band-pass", new JsonObject { ["low"] = 0.67, ["high"] = 30, ["order"] = 3, ["zeroPhase"] = true }),
        new("band-pass", new JsonObject { ["low"] = 8, ["high"] = 11, ["order"] = 3, ["zeroPhase"] = false }),
        new("high-pass", new JsonObject { ["cutoff"] = 0.5, ["order"] = 2, ["zeroPhase"] = true }),
        new("high-pass", new JsonObject { ["cutoff"] = 0.05, ["order"] = 1, ["zeroPhase"] = true }),
        new("high-pass", new JsonObject { ["cutoff"] = 1.0, ["order"] = 5, ["zeroPhase"] = false }),
        new("low-pass", new JsonObject { ["cutoff"] = 40, ["order"] = 2, ["zeroPhase"] = true }),
        new("low-pass", new JsonObject { ["cutoff"] = 25, ["order"] = 7, ["zeroPhase"] = true }),
        new("low-pass", new JsonObject { ["cutoff"] = 35, ["order"] = 4, ["zeroPhase"] = false }),
        new("notch", new JsonObject { ["frequency"] = 49, ["quality"] = 30, ["zeroPhase"] = true }),
        new("notch", new JsonObject { ["frequency"] = 45, ["quality"] = 5, ["zeroPhase"] = false }),
        new("median-baseline", new JsonObject { ["first"] = 0.2, ["second"] = 0.6 }),
    ];

    private static string SciPy(string file) =>
        Path.Combine(TestData.Root, "tests", "SignalCam.Core.Tests", "Preprocessing", "SciPy", file);

    [Fact]
    public void Filters_of_twenty_made_recordings_are_SciPys()
    {
        var rows = File.ReadLines(SciPy("filters.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        Assert.Equal(20 * 12 * 7, rows.Length);
        foreach (var group in rows.GroupBy(row => (Filter: int.Parse(row[0]), Recording: int.Parse(row[1]), Rate: int.Parse(row[2]))))
        {
            var (filter, recording, rate) = group.Key;
            var filtered = s_registry.Create(s_filters[filter]).Apply(Synthetic(recording, rate));
            foreach (var row in group)
            {
                var (sample, expected) = (int.Parse(row[3]), double.Parse(row[4], CultureInfo.InvariantCulture));
                Assert.True(Math.Abs(expected - filtered.Samples.Span[sample]) <= Tolerance,
                    $"{s_filters[filter]}, recording {recording}, sample {sample}: {filtered.Samples.Span[sample]}, expected {expected}");
            }
        }
    }

    [SkippableFact]
    public void Filters_of_twenty_recordings_of_PTB_XL_at_500_Hz_are_SciPys()
    {
        var folder = Path.Combine(TestData.PtbXl(), "records500");
        const string python = "/usr/bin/python3";
        var hasSciPy = File.Exists(python) && TestProgram.Run(python, ["-c", "import scipy"]).ExitCode == 0;
        Skip.If(!hasSciPy, "SciPy is not here: install python3-scipy");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.hea", SearchOption.AllDirectories) : [];
        var headers = files.Order(StringComparer.Ordinal).Take(20).ToArray();
        Skip.If(headers.Length < 20, "there are not 20 recordings at 500 Hz");
        using var work = TestData.Folder();
        var signals = headers.Select(header => WfdbReader.ReadSignal(header)).ToArray();
        var jobs = new JsonArray();
        foreach (var (r, signal) in signals.Index())
        {
            File.WriteAllBytes(work[$"{r}.in"], MemoryMarshal.AsBytes(signal.Samples.Span));
            foreach (var (f, filter) in s_filters.Index())
                jobs.Add(new JsonObject
                {
                    ["input"] = work[$"{r}.in"], ["output"] = work[$"{r}-{f}.out"],
                    ["leads"] = signal.Layout.LeadCount, ["rate"] = signal.SamplingRate,
                    ["filter"] = filter.Name, ["options"] = filter.Options!.ToJson(),
                });
        }
        File.WriteAllText(work["jobs.json"], jobs.ToJsonString());
        var run = TestProgram.Run(python, [SciPy("filters.py"), "jobs", work["jobs.json"]]);
        Assert.True(run.ExitCode == 0, run.Text);
        foreach (var (r, signal) in signals.Index())
            foreach (var (f, filter) in s_filters.Index())
            {
                var expected = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(work[$"{r}-{f}.out"]));
                var filtered = s_registry.Create(filter).Apply(signal).Samples.Span;
                Assert.Equal(expected.Length, filtered.Length);
                var largest = 0.0;
                for (var t = 0; t < filtered.Length; t++)
                    largest = Math.Max(largest, Math.Abs(expected[t] - filtered[t]));
                Assert.True(largest <= Tolerance, $"{filter}, {headers[r]}: differs by {largest}");
            }
    }

    [Theory]
    [InlineData("band-pass")]
    [InlineData("high-pass")]
    [InlineData("low-pass")]
    [InlineData("notch")]
    [InlineData("median-baseline")]
    public void A_filter_in_use_allocates_nothing(string name)
    {
        var layout = new SignalLayout(SignalLayout.StandardLeads, 2500, 250);
        var chain = new Preprocessor(
            [new("resample", new JsonObject { ["samplingRate"] = 250 }), new("select-leads"), new(name), new("fixed-scale")], s_registry);
        var samples = Enumerable.Range(0, 12 * 2500).Select(i => (float)Math.Sin(i * 0.1)).ToArray();
        var prepared = new float[samples.Length];
        chain.Apply(samples, layout, prepared, layout.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        chain.Apply(samples, layout, prepared, layout.Length);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_lead_is_filtered_the_same_whichever_leads_are_beside_it()
    {
        var (first, second) = (Synthetic(3, 100), Synthetic(4, 100));
        var length = first.Length;
        float[] many = [.. Enumerable.Range(0, 6).SelectMany(i => (i == 5 ? first : second).Samples.ToArray().Take(length))];
        var together = new EcgSignal(many, new SignalLayout(["I", "II", "III", "aVR", "aVL", "aVF"], length, 100));
        foreach (var filter in s_filters)
        {
            var transform = s_registry.Create(filter);
            Assert.Equal(transform.Apply(first).Lead(0).ToArray(), transform.Apply(together).Lead("aVF").ToArray());
        }
    }

    [Fact]
    public void One_instance_serves_recordings_of_several_rates()
    {
        var transform = s_registry.Create(new ComponentSpec("high-pass"));
        var (slow, fast) = (Synthetic(0, 100), Synthetic(2, 500));
        var expected = transform.Apply(slow).Samples.ToArray();
        transform.Apply(fast);
        Assert.Equal(expected, transform.Apply(slow).Samples.ToArray());
        var alone = s_registry.Create(new ComponentSpec("high-pass")).Apply(fast);
        Assert.Equal(alone.Samples.ToArray(), transform.Apply(fast).Samples.ToArray());
    }

    [Fact]
    public void A_frequency_that_the_rate_cannot_hold_and_too_short_a_recording_are_refused()
    {
        var notch = Assert.Throws<PreprocessingException>(() => s_registry.Create(new ComponentSpec("notch")).Apply(Synthetic(0, 100)));
        Assert.Contains(
            "'notch' at 50 Hz needs a sampling rate above 100 Hz; the recording has 100 Hz", notch.Message, StringComparison.Ordinal);
        var brief = new EcgSignal(new float[15], new SignalLayout(["I"], 15, 100));
        var length = Assert.Throws<PreprocessingException>(() => s_registry.Create(new ComponentSpec("band-pass")).Apply(brief));
        Assert.Contains("more than 15 samples per lead; there are 15", length.Message, StringComparison.Ordinal);
        var causal = s_registry.Create(new ComponentSpec("band-pass", new JsonObject { ["zeroPhase"] = false }));
        Assert.Equal(15, causal.Apply(brief).Length);
    }

    [Theory]
    [InlineData("band-pass", """{"low": 40, "high": 0.5}""", "High is 0.5: it must be above Low, which is 40")]
    [InlineData("band-pass", """{"order": 11}""", "Order is 11")]
    [InlineData("high-pass", """{"cutoff": 0}""", "Cutoff is 0")]
    [InlineData("notch", """{"quality": 0.5}""", "Quality is 0.5")]
    [InlineData("median-baseline", """{"second": 60}""", "Second is 60")]
    [InlineData("resample", """{"samplingRate": 0}""", "SamplingRate is 0")]
    [InlineData("select-leads", """{"leads": []}""", "at least one name")]
    [InlineData("select-leads", """{"leads": ["I", "i"]}""", "none may be there twice")]
    [InlineData("low-pass", """{"cutof": 3}""", "cutof")]
    public void A_wrong_option_is_named(string name, string options, string message)
    {
        var error = Assert.Throws<PluginException>(() => s_registry.Create(new ComponentSpec(name, JsonNode.Parse(options)!.AsObject())));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leads_and_rate_are_changed_first_or_not_at_all()
    {
        float[] samples = [.. Enumerable.Range(0, 2 * 500).Select(i => (float)Math.Cos(i * 0.05))];
        var signal = new EcgSignal(samples, new SignalLayout(["II", "I"], 500, 500));
        ComponentSpec select = new("select-leads", new JsonObject { ["leads"] = new JsonArray("I", "III") });
        var chain = new Preprocessor([select, new("resample"), new("low-pass")], s_registry);
        var prepared = chain.Apply(signal);
        Assert.Equal(["I", "III"], prepared.Leads);
        Assert.Equal((100, 100.0), (prepared.Length, prepared.SamplingRate));
        // What has that layout already is left to the filter alone.
        var before = new Preprocessor([select, new("resample")], s_registry).Apply(signal);
        Assert.Equal(prepared.Samples.ToArray(), chain.Apply(before).Samples.ToArray());
        var error = Assert.Throws<PluginException>(() => new Preprocessor([new("low-pass"), new("resample")], s_registry));
        Assert.Contains("'resample' behind 'low-pass'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>As `synthetic` of filters.py.</summary>
    private static EcgSignal Synthetic(int recording, int rate)
    {
        var samples = new float[700 + 37 * recording];
        var state = (uint)recording + 1;
        for (var t = 0; t < samples.Length; t++)
        {
            state = unchecked(1664525 * state + 1013904223);
            var seconds = (double)t / rate;
            var beat = Math.Exp(-Math.Pow((seconds * 1.2 % 1.0 - 0.5) / 0.03, 2));
            var wander = 0.4 * Math.Sin(2 * Math.PI * 0.23 * seconds) + 0.1 * recording - 1;
            samples[t] = (float)(beat + wander + 0.05 * Math.Sin(2 * Math.PI * 48 * seconds) + 0.1 * (state / 4294967296.0 - 0.5));
        }
        return new EcgSignal(samples, new SignalLayout(["I"], samples.Length, rate));
    }
}
