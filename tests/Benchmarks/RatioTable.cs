using System.Globalization;

namespace SignalCam.Benchmarks;

/// <summary>
/// Prints how many times longer the baseline takes, as the median over rounds in which both took turns, and of the shortest rounds, which
/// say more where others use the machine too.
/// </summary>
internal static class RatioTable
{
    public static void PrintHead(string title)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine($"  {"what",-58}{"ours",11}{"baseline",12}{"ratio",9}  {"quartiles",-15}{"of shortest",-13}asked");
    }

    /// <summary>Prints a row.</summary>
    /// <param name="what">What is done, and against what.</param>
    /// <param name="ours">Seconds of each round.</param>
    /// <param name="baseline">Seconds of the baseline in the same round.</param>
    /// <param name="asked">What the ratio should be, such as "at least 20"; empty for none.</param>
    public static void Print(string what, double[] ours, double[] baseline, string asked)
    {
        var ratios = baseline.Zip(ours, (theirs, own) => theirs / own).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {what,-58}{Time(ours),11}{Time(baseline),12}{ratios[ratios.Length / 2],9:F2}  "
            + $"{$"{ratios[ratios.Length / 4]:F1} to {ratios[ratios.Length * 3 / 4]:F1}",-15}{baseline.Min() / ours.Min(),-13:F2}{asked}"));
    }

    private static string Time(double[] seconds)
    {
        var median = seconds.Order().ElementAt(seconds.Length / 2);
        return median < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{median * 1000:F3} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{median:F2} s");
    }
}
