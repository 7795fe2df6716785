using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Tests.Signals;

public sealed class LeadNamesTests
{
    [Theory]
    [InlineData("II", "II")]
    [InlineData("avr", "aVR")]
    [InlineData(" 'V1' ", "V1")]
    [InlineData("\"aVF\"", "aVF")]
    [InlineData("ECG-I", "I")]
    [InlineData("ECG-aVR", "aVR")]
    [InlineData("ECG I", "I")]
    [InlineData("ECG Lead II", "II")]
    [InlineData("EKG_V3", "V3")]
    [InlineData("Lead I (Einthoven)", "I")]
    [InlineData("aVR (Goldberger)", "aVR")]
    [InlineData("LeadIII", "III")]
    [InlineData("MDC_ECG_LEAD_I", "I")]
    [InlineData("MDC_ECG_LEAD_AVR", "aVR")]
    [InlineData("MDC_ECG_LEAD_V3R", "V3R")]
    [InlineData("MDC_ECG_ELEC_POTL_V6", "V6")]
    [InlineData("DI", "I")]
    [InlineData("DII", "II")]
    [InlineData("D3", "III")]
    [InlineData("V 1", "V1")]
    [InlineData("V_2", "V2")]
    [InlineData("V03", "V3")]
    [InlineData("aV L", "aVL")]
    [InlineData("C1", "V1")]
    [InlineData("C6", "V6")]
    [InlineData("C4R", "V4R")]
    [InlineData("Brustwandableitung V4", "V4")]
    [InlineData("Brustwand C4", "V4")]
    [InlineData("BW 5", "V5")]
    [InlineData("BWA-6", "V6")]
    [InlineData("Abl. II", "II")]
    [InlineData("II. Ableitung", "II")]
    [InlineData("I Ableitung", "I")]
    [InlineData("отведение II", "II")]
    [InlineData("III отведение", "III")]
    [InlineData("ЭКГ V2", "V2")]
    [InlineData("В1", "V1")] // Cyrillic Ve
    [InlineData("С5", "V5")] // Cyrillic Es
    [InlineData("Г3", "V3")]
    [InlineData("Гр.2", "V2")]
    [InlineData("грудное V6", "V6")]
    [InlineData("аVR", "aVR")] // Cyrillic a
    [InlineData("АВФ", "aVF")]
    [InlineData("Ⅱ", "II")]
    [InlineData("Ⅲ", "III")]
    [InlineData("V1", "V1")]
    [InlineData("aVL", "aVL")]
    [InlineData("MLII", "MLII")]
    public void A_name_means_the_lead_that_people_write_so(string name, string lead) => Assert.Equal(lead, LeadNames.Recognize(name));

    [Theory]
    [InlineData("")]
    [InlineData("-aVR")]
    [InlineData("Lead -aVR")]
    [InlineData("V")]
    [InlineData("signal 1")]
    [InlineData("ECG")]
    [InlineData("ECG_1")]
    [InlineData("ECG 2")]
    [InlineData("Lead 1")]
    [InlineData("RESP")]
    [InlineData("VR")]
    [InlineData("V10")]
    [InlineData("IV")]
    [InlineData("Vx")]
    [InlineData("EEG C3")]
    [InlineData("aVR aVL")]
    [InlineData("I-II")]
    [InlineData("I II")]
    [InlineData("V1-V2")]
    public void Nothing_is_guessed(string name) => Assert.Null(LeadNames.Recognize(name));

    [Fact]
    public void C_names_are_chest_leads_but_not_beside_electrodes_of_the_EEG_or_V_names()
    {
        Assert.Equal(["I", "II", "V1", "V2"], LeadNames.Normalize(["I", "II", "C1", "C2"]));
        Assert.Equal(["Fp1", "C3", "C4", "V2"], LeadNames.Normalize(["Fp1", "C3", "C4", "ECG C2"]));
        Assert.Equal(["I", "V1", "C1"], LeadNames.Normalize(["I", "V1", "C1"]));
    }

    [Fact]
    public void D_names_are_limb_leads_unless_they_number_columns()
    {
        Assert.Equal(["I", "II", "III", "aVR"], LeadNames.Normalize(["D1", "D2", "D3", "aVR"]));
        Assert.Equal(["D1", "D2", "D3", "D4"], LeadNames.Normalize(["D1", "D2", "D3", "D4"]));
        Assert.Equal(["I", "D1"], LeadNames.Normalize(["I", "D1"]));
    }

    [Fact]
    public void Names_come_out_distinct_and_a_lead_goes_to_the_channel_that_is_called_just_so()
    {
        Assert.Equal(["I", "Lead I", "II"], LeadNames.Normalize(["I", "Lead I", "II"]));
        Assert.Equal(["Lead I", "ECG I"], LeadNames.Normalize(["Lead I", "ECG I"]));
        Assert.Equal(["V", "V 2", "signal 3", "signal 4"], LeadNames.Normalize(["V", "V", null, " "]));
        Assert.Same(SignalLayout.StandardLeads, LeadNames.Normalize(
            ["i", "ii", "iii", "AVR", "AVL", "AVF", "V1", "V2", "V3", "V4", "V5", "V6"]));
        // The German and Russian exports are read as any other.
        Assert.Equal(SignalLayout.StandardLeads, LeadNames.Normalize(
            ["I", "II", "III", "aVR", "aVL", "aVF", "C1", "C2", "C3", "C4", "C5", "C6"]));
    }

    [Theory]
    [InlineData("II", "mV", true)]
    [InlineData("II", "mmHg", false)]
    [InlineData("ECG 1", "uV", true)]
    [InlineData(null, null, true)]
    [InlineData("V", null, true)]
    [InlineData("PLETH", null, false)]
    [InlineData("RESP", "mV", false)]
    [InlineData("foot GSR", null, false)]
    [InlineData("EEG Fpz-Cz", "uV", false)]
    [InlineData("F4-C4", "uV", false)]
    [InlineData("marker", null, false)]
    [InlineData("Resp oro-nasal", null, false)]
    [InlineData("ECG III", null, true)]
    [InlineData("C3", "uV", true)]
    public void Other_signals_are_told_from_leads_by_unit_and_name(string? name, string? unit, bool expected) =>
        Assert.Equal(expected, ChannelKinds.MayBeEcg(name, unit));

    [Theory]
    [InlineData("mV", 1)]
    [InlineData("mv", 1)]
    [InlineData("MV", 1)]
    [InlineData("(mV)", 1)]
    [InlineData("millivolts", 1)]
    [InlineData("uV", 0.001)]
    [InlineData("µV", 0.001)] // U+00B5
    [InlineData("μV", 0.001)] // U+03BC
    [InlineData("ÂµV", 0.001)]
    [InlineData("Î¼V", 0.001)]
    [InlineData("\uFFFDV", 0.001)]
    [InlineData("microvolts", 0.001)]
    [InlineData("µvolt", 0.001)]
    [InlineData("мкВ", 0.001)]
    [InlineData("nV", 1e-6)]
    [InlineData("nanovolt", 1e-6)]
    [InlineData("V", 1000)]
    [InlineData("Volts", 1000)]
    [InlineData("[uV]", 0.001)]
    public void Units_of_voltage_are_known_in_all_spellings(string unit, double millivolt)
    {
        Assert.True(VoltageUnits.TryGetMillivolt(unit, out var found));
        Assert.Equal(millivolt, found);
        Assert.Equal(millivolt, VoltageUnits.ParseOption(unit));
    }

    [Theory]
    [InlineData("NU")]
    [InlineData("mmHg")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("mV/s")]
    [InlineData("VV")]
    public void Other_units_are_no_voltage(string? unit) => Assert.False(VoltageUnits.TryGetMillivolt(unit, out _));

    [Fact]
    public void The_option_may_be_a_number_of_millivolt_per_unit()
    {
        Assert.Equal(0.00488, VoltageUnits.ParseOption("0.00488"));
        Assert.Contains("'bananas'", Assert.Throws<ArgumentException>(() => VoltageUnits.ParseOption("bananas")).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => VoltageUnits.ParseOption("0"));
        Assert.Throws<ArgumentException>(() => VoltageUnits.ParseOption("NaN"));
    }
}
