namespace SignalCam.Reporting;

/// <summary>The colours of everything that is not a heat map.</summary>
internal static class Palette
{
    public const string Ink = "#1a1a1a";
    public const string Muted = "#5a5f66";
    public const string Rule = "#d9dce0";
    public const string Paper = "#ffffff";
    public const string Alarm = "#d55e00";

    /// <summary>Of what somebody has measured: neither a colour of a map nor of a trace.</summary>
    public const string Caliper = "#7a0177";

    /// <summary>Okabe and Ito's colours that can be told apart with any colour vision, those that are readable on white first.</summary>
    private static readonly string[] s_series = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

    /// <summary>The colour of the series with this index.</summary>
    public static string Series(int index) => s_series[index % s_series.Length];
}
