using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;

namespace SignalCam.Core.Tests.Synthetic;

public class SyntheticEcgTests
{
    public static TheoryData<string> Statements => [.. SyntheticEcg.Statements];

    [Fact]
    public void The_leads_relations_hold_exactly_in_microvolts()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var options = new SyntheticOptions { Statements = seed < 9 ? [SyntheticEcg.Statements[(int)seed]] : [] };
            var signal = SyntheticEcg.Generate(options, new EcgRandom(seed)).Signal;
            int[] Microvolts(string lead) => [.. signal.Lead(lead).ToArray().Select(v => (int)MathF.Round(1000 * v))];
            var (i, ii, iii, avr, avl, avf) = (
                Microvolts("I"), Microvolts("II"), Microvolts("III"), Microvolts("aVR"), Microvolts("aVL"), Microvolts("aVF"));
            for (var t = 0; t < signal.Length; t++)
                Assert.True(
                    iii[t] == ii[t] - i[t] && 2 * avr[t] == -(i[t] + ii[t]) && 2 * avl[t] == i[t] - iii[t] && 2 * avf[t] == ii[t] + iii[t],
                    $"seed {seed}, sample {t}: {i[t]} {ii[t]} {iii[t]} {avr[t]} {avl[t]} {avf[t]}");
            Assert.All(signal.Samples.ToArray(), v => Assert.Equal((int)MathF.Round(1000 * v) / 1000f, v));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_recording_and_another_seed_another()
    {
        float[] Samples(ulong seed) => SyntheticEcg.Generate(new SyntheticOptions(), new EcgRandom(seed)).Signal.Samples.ToArray();
        Assert.Equal(Samples(7), Samples(7));
        Assert.NotEqual(Samples(7), Samples(8));
    }

    [Fact]
    public void Every_fifth_sample_at_500_Hz_is_the_sample_at_100_Hz()
    {
        var slow = SyntheticEcg.Generate(new SyntheticOptions { Statements = ["ASMI"] }, new EcgRandom(3));
        var fast = SyntheticEcg.Generate(new SyntheticOptions { Statements = ["ASMI"], SamplingRate = 500 }, new EcgRandom(3));
        Assert.Equal(5000, fast.Signal.Length);
        for (var lead = 0; lead < 12; lead++)
            for (var t = 0; t < 1000; t++)
                Assert.Equal(slow.Signal.Lead(lead)[t], fast.Signal.Lead(lead)[5 * t]);
        Assert.Equal(slow.Findings[0].Intervals, fast.Findings[0].Intervals);
    }

    [Theory]
    [InlineData(45)]
    [InlineData(72)]
    [InlineData(118)]
    public void The_heart_beats_at_the_rate_asked_for(double rate)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            var signal = SyntheticEcg.Generate(
                new SyntheticOptions { HeartRate = rate, Seconds = 60, BaselineWander = 0, MuscleNoise = 0 }, new EcgRandom(seed)).Signal;
            var v5 = signal.Lead("V5").ToArray();
            var half = v5.Max() / 2;
            var beats = Enumerable.Range(1, v5.Length - 1).Count(t => v5[t - 1] < half && v5[t] >= half);
            Assert.InRange(beats, rate - 3, rate + 3);
        }
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void What_is_planted_shows_in_the_leads_and_at_the_times_of_its_ground_truth_and_hardly_elsewhere(string statement)
    {
        double inside = 0, all = 0;
        var largest = new double[12];
        const int Seeds = 20;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            var with = SyntheticEcg.Generate(new SyntheticOptions { Statements = [statement], Strength = 1 }, new EcgRandom(seed));
            var without = SyntheticEcg.Generate(new SyntheticOptions(), new EcgRandom(seed));
            var finding = Assert.Single(with.Findings);
            Assert.Equal((statement, 1), (finding.Statement, finding.Strength));
            var planted = new bool[1000];
            foreach (var interval in finding.Intervals)
                planted.AsSpan(interval.Samples(100, 1000)).Fill(true);
            Assert.InRange(planted.Count(p => p), 150, 700);
            for (var lead = 0; lead < 12; lead++)
            {
                double most = 0;
                for (var t = 0; t < 1000; t++)
                {
                    var change = (double)with.Signal.Lead(lead)[t] - without.Signal.Lead(lead)[t];
                    all += change * change;
                    inside += planted[t] ? change * change : 0;
                    most = Math.Max(most, Math.Abs(change));
                }
                largest[lead] += most / Seeds;
            }
        }
        // Hypertrophies change the P wave as well, a little.
        Assert.InRange(inside / all, 0.99, 1);
        var leads = Pathology.Of(statement).Leads;
        Assert.All(leads, l => Assert.True(largest[Index(l)] > 0.1, $"{l} changes by {largest[Index(l)]:f3} mV at most"));
        var others = SignalLayout.StandardLeads.Except(leads).Select(l => largest[Index(l)]);
        Assert.True(leads.Average(l => largest[Index(l)]) > others.Average(), "the leads of the ground truth change most");
    }

    [Fact]
    public void Where_some_beats_are_affected_the_others_are_those_of_the_healthy_heart()
    {
        var beats = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            var every = SyntheticEcg.Generate(new SyntheticOptions { Statements = ["LMI"] }, new EcgRandom(seed));
            var some = SyntheticEcg.Generate(new SyntheticOptions { Statements = ["LMI"], AffectedBeats = 0.2 }, new EcgRandom(seed));
            var none = SyntheticEcg.Generate(new SyntheticOptions(), new EcgRandom(seed));
            var (all, chosen) = (Assert.Single(every.Findings).Intervals, Assert.Single(some.Findings).Intervals);
            Assert.InRange(chosen.Count, 1, all.Count - 1);
            Assert.Subset(all.ToHashSet(), chosen.ToHashSet());
            beats += chosen.Count;
            for (var t = 0; t < 1000; t++)
            {
                // An affected beat's waves reach a little beyond their interval.
                var near = chosen.Any(i => t > 100 * i.Start - 10 && t < 100 * i.End + 20);
                for (var lead = 0; lead < 12; lead++)
                    if (!near)
                        Assert.Equal(none.Signal.Lead(lead)[t], some.Signal.Lead(lead)[t]);
            }
        }
        // Some twelve beats a recording, each with a chance of 0.2, and one for sure.
        Assert.InRange(beats, 40, 90);
    }

    [Fact]
    public void Strength_0_plants_next_to_nothing_except_for_the_blocks_which_are_there_or_not()
    {
        foreach (var statement in SyntheticEcg.Statements.Except(["CRBBB", "CLBBB"]))
        {
            var with = SyntheticEcg.Generate(
                new SyntheticOptions { Statements = [statement], Strength = 0 }, new EcgRandom(5)).Signal.Samples.ToArray();
            var without = SyntheticEcg.Generate(new SyntheticOptions(), new EcgRandom(5)).Signal.Samples.ToArray();
            Assert.InRange(with.Zip(without, (a, b) => Math.Abs(a - b)).Max(), 0, 0.1);
        }
    }

    [Fact]
    public void Abnormal_hearts_meet_the_criteria_by_which_clinicians_find_them()
    {
        // Means over 30 patients at full strength.
        var normal = MeanBeat(null);
        var inferior = MeanBeat("IMI");
        Assert.True(inferior["III"].First < -0.1 && inferior["aVF"].First < -0.1, "an inferior infarct has Q waves in III and aVF");
        Assert.True(normal["aVF"].First > -0.1, "a normal heart has none");
        var anterior = MeanBeat("ASMI");
        Assert.True(anterior["V2"].Largest < normal["V2"].Largest - 0.15, "an anteroseptal infarct takes the R wave in V2 away");
        var right = MeanBeat("CRBBB");
        Assert.True(right["V1"].Last > 0.3 && right["V6"].Last < -0.2, "a right bundle branch block ends in R' in V1 and a wide S in V6");
        var left = MeanBeat("CLBBB");
        Assert.True(left["V1"].Largest < 0.1 && left["V6"].Last > 0.2, "a left bundle branch block is all S in V1 and late R in V6");
        double Sokolow(Dictionary<string, Beat> beat) => beat["V5"].Largest - beat["V1"].Smallest;
        Assert.True(Sokolow(MeanBeat("LVH")) > 3.5, "S in V1 plus R in V5 exceed 3.5 mV in left hypertrophy (Sokolow and Lyon 1949)");
        Assert.InRange(Sokolow(normal), 1.2, 3.5);
        Assert.True(MeanBeat("RVH")["V1"].Largest > 0.7, "R in V1 exceeds 0.7 mV in right hypertrophy");
        Assert.True(MeanBeat("ISCAL")["V5"].Segment < -0.1, "ST is depressed by 0.1 mV in V5 in anterolateral ischaemia");
        Assert.InRange(normal["V5"].Segment, -0.05, 0.1);
    }

    [Theory]
    [InlineData(20, 10, 60, 0.1)]
    [InlineData(100, 0.5, 60, 0.1)]
    [InlineData(100, 10, 300, 0.1)]
    [InlineData(100, 10, 60, double.NaN)]
    public void An_option_out_of_its_range_is_refused(double rate, double seconds, double heartRate, double noise)
    {
        var options = new SyntheticOptions { SamplingRate = rate, Seconds = seconds, HeartRate = heartRate, MuscleNoise = noise };
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticEcg.Generate(options, new EcgRandom(1)));
    }

    [Fact]
    public void An_unknown_statement_is_refused_with_the_list_of_those_there_are()
    {
        var error =
            Assert.Throws<ArgumentException>(() => SyntheticEcg.Generate(new SyntheticOptions { Statements = ["XYZ"] }, new EcgRandom(1)));
        Assert.Contains("'XYZ'", error.Message, StringComparison.Ordinal);
        Assert.Contains("IMI, ASMI, LMI", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// First: smallest value in the first 20 ms of QRS. Last: value 55 ms after R. Segment: 100 ms after R. Largest, smallest: in the
    /// first 80 ms. All in mV, against the value before P.
    /// </summary>
    private sealed record Beat(double First, double Last, double Segment, double Largest, double Smallest);

    private static Dictionary<string, Beat> MeanBeat(string? statement)
    {
        var beats = new List<Dictionary<string, Beat>>();
        for (ulong seed = 0; seed < 30; seed++)
        {
            var options = new SyntheticOptions
            {
                SamplingRate = 1000, Seconds = 3, HeartRate = 60, Statements = statement is null ? [] : [statement], Strength = 1,
                BaselineWander = 0, MuscleNoise = 0,
            };
            var signal = SyntheticEcg.Generate(options, new EcgRandom(seed)).Signal;
            // The same seed has its beats at the same times, and the ground truth of an infarct starts with QRS.
            var marked = SyntheticEcg.Generate(
                new SyntheticOptions { SamplingRate = 1000, Seconds = 3, HeartRate = 60, Statements = ["IMI"] }, new EcgRandom(seed));
            var onset = (int)(1000 * marked.Findings[0].Intervals.First(i => i.Start > 0.3).Start);
            beats.Add(signal.Leads.ToDictionary(l => l, l =>
            {
                var samples = signal.Lead(l)[(onset - 250)..(onset + 200)].ToArray()
                    .Select(v => (double)v - signal.Lead(l)[onset - 250]).ToArray();
                return new Beat(samples[250..270].Min(), samples[250 + 42 + 55], samples[250 + 42 + 100],
                    samples[250..330].Max(), samples[250..330].Min());
            }));
        }
        return beats[0].Keys.ToDictionary(l => l, l => new Beat(
            beats.Average(b => b[l].First), beats.Average(b => b[l].Last), beats.Average(b => b[l].Segment),
            beats.Average(b => b[l].Largest), beats.Average(b => b[l].Smallest)));
    }

    private static int Index(string lead) => SignalLayout.StandardLeads.ToList().IndexOf(lead);
}
