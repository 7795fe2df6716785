using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Tests.Signals;

public class LeadMapTests
{
    private static readonly string[] LimbLeads = ["I", "II", "III", "aVR", "aVL", "aVF"];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var (first, i) in LimbLeads.Select((lead, i) => (lead, i)))
                foreach (var second in LimbLeads[(i + 1)..])
                    pairs.Add(first, second);
            return pairs;
        }
    }

    [Fact]
    public void Leads_are_picked_by_name_in_the_wanted_order()
    {
        var selected = LeadMap.Select(Recording("V1", "AVR", "ii"), ["aVR", "V1"]);
        Assert.Equal(["aVR", "V1"], selected.Leads);
        Assert.Equal([10, 11, 12, 0, 1, 2], selected.Samples.ToArray());
    }

    [Theory]
    [InlineData("Lead II", "II")]
    [InlineData("lead_ii", "II")]
    [InlineData("ECG II", "II")]
    [InlineData("EKG Lead II ", "II")]
    [InlineData("MDC_ECG_LEAD_AVR", "aVR")]
    [InlineData("DII", "II")]
    [InlineData("V1", "ECG V1")]
    [InlineData("ecg mlii", "MLII")]
    public void Names_that_mean_the_same_are_one_lead(string recorded, string wanted)
    {
        var selected = LeadMap.Select(Recording("V6", recorded), [wanted]);
        Assert.Equal([wanted], selected.Leads);
        Assert.Equal([10, 11, 12], selected.Samples.ToArray());
    }

    [Theory]
    [InlineData("MLII")]
    [InlineData("-II")]
    [InlineData("ECG -II")]
    [InlineData("II 2")]
    [InlineData("ECG")]
    [InlineData("I-II")]
    [InlineData("2")]
    public void A_lead_is_not_guessed_from_another(string recorded)
    {
        var error = Assert.Throws<SignalMismatchException>(() => LeadMap.Select(Recording("V6", recorded), ["II"]));
        Assert.Equal(["II"], error.MissingLeads);
    }

    [Fact]
    public void The_very_name_goes_before_one_that_means_the_same()
    {
        var recording = Recording("ECG I", "I", "Lead I");
        Assert.Equal([10, 11, 12], LeadMap.Select(recording, ["I"]).Samples.ToArray());
        Assert.Equal([20, 21, 22], LeadMap.Select(recording, ["lead i"]).Samples.ToArray());
    }

    [Fact]
    public void Two_leads_that_mean_the_same_are_refused_where_one_of_them_is_needed()
    {
        var recording = Recording("ECG I", "Lead I", "V1");
        var error = Assert.Throws<SignalMismatchException>(() => LeadMap.Select(recording, ["I"]));
        Assert.Equal("lead I could be 'ECG I' or 'Lead I'; there are ECG I, Lead I, V1", error.Message);
        Assert.Equal(["I"], error.MissingLeads);
        Assert.Equal(["V1"], LeadMap.Select(recording, ["V1"]).Leads);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Any_two_limb_leads_give_the_other_four(string first, string second)
    {
        var random = new EcgRandom(3);
        var (i, ii) = (Normal(random), Normal(random));
        var all = new Dictionary<string, double>
        {
            ["I"] = i, ["II"] = ii, ["III"] = ii - i, ["aVR"] = -(i + ii) / 2, ["aVL"] = i - (ii / 2), ["aVF"] = ii - (i / 2),
        };
        var recording = new EcgSignal([(float)all[second], (float)all[first]], new SignalLayout([second, first], 1, 100));
        var selected = LeadMap.Select(recording, LimbLeads);
        Assert.All(LimbLeads, lead => Assert.Equal(all[lead], selected.Lead(lead)[0], 5e-7));
    }

    [Fact]
    public void A_recorded_lead_is_never_replaced_by_a_derived_one()
    {
        var recording = Recording("I", "II", "III");
        Assert.Equal([20, 21, 22], LeadMap.Select(recording, ["III", "aVR"]).Lead(0).ToArray());
    }

    [Fact]
    public void What_is_missing_is_named_with_what_is_there()
    {
        Assert.Equal("the recording has no lead II, V2; there are V1, MLII; II would follow from two limb leads, there is none",
            Refusal(Recording("V1", "MLII"), "V1", "II", "V2").Message);
        Assert.Equal("the recording has no lead I, aVF; there are II, V1; I, aVF would follow from two limb leads, there is one",
            Refusal(Recording("II", "V1"), "I", "II", "aVF").Message);
        var error = Refusal(Recording("I", "II"), [.. SignalLayout.StandardLeads]);
        Assert.Equal("the recording has no lead V1, V2, V3, V4, V5, V6; there are I, II", error.Message);
        Assert.Equal(["V1", "V2", "V3", "V4", "V5", "V6"], error.MissingLeads);
    }

    [Fact]
    public void The_same_leads_give_the_same_instance()
    {
        var recording = Recording("I", "AVR");
        Assert.Same(recording, LeadMap.Select(recording, ["I", "aVR"]));
    }

    [Fact]
    public void No_lead_or_a_doubled_one_is_a_wrong_argument()
    {
        Assert.Throws<ArgumentException>(() => LeadMap.Select(Recording("I"), []));
        Assert.Throws<ArgumentException>(() => LeadMap.Select(Recording("I"), ["I", "i"]));
    }

    private static SignalMismatchException Refusal(EcgSignal recording, params string[] wanted) =>
        Assert.Throws<SignalMismatchException>(() => LeadMap.Select(recording, wanted));

    /// <summary>Three samples per lead: 0, 1, 2 in the first lead, 10, 11, 12 in the second, and so on.</summary>
    private static EcgSignal Recording(params string[] leads) =>
        new([.. leads.SelectMany((_, lead) => new float[] { 10 * lead, (10 * lead) + 1, (10 * lead) + 2 })],
            new SignalLayout(leads, 3, 100));

    private static double Normal(EcgRandom random) => (float)random.Normal();
}
