using System.Globalization;
using SignalCam.Reporting;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Api;

/// <summary>Calipers as a request gives them: `II,1.2,2.012,0.1,0.35,repeat;V1,...`</summary>
internal static class CaliperList
{
    private const int Most = 100;
    private const string Form = "LEAD,FROM,TO,VALUE,VALUE or LEAD,FROM,TO,VALUE,VALUE,repeat, divided by semicolons; seconds and millivolt";

    /// <exception cref="ViewerProblemException">A part is none.</exception>
    public static IReadOnlyList<EcgCaliper> Parse(string? text)
    {
        var parts = (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length <= Most
            ? [.. parts.Select(One)]
            : throw ViewerProblem.BadValue.With($"calipers has {parts.Length} entries; at most {Most} are allowed");
    }

    private static EcgCaliper One(string text)
    {
        var fields = text.Split(',', StringSplitOptions.TrimEntries);
        var isRepeated = fields.Length == 6 && fields[5] == "repeat";
        if (!(fields.Length == 5 || isRepeated))
            throw ViewerProblem.BadValue.With($"calipers has '{text}'; expected {Form}");
        var numbers = new double[4];
        for (var i = 0; i < numbers.Length; i++)
            if (!double.TryParse(fields[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                || !(Math.Abs(numbers[i]) < 1e6))
                throw ViewerProblem.BadValue.With($"calipers has '{text}', where '{fields[i + 1]}' is not a number; expected {Form}");
        return new EcgCaliper(fields[0], numbers[0], numbers[1], numbers[2], numbers[3]) { IsRepeated = isRepeated };
    }
}
