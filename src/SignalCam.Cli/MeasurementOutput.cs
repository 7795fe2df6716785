using SignalCam.Core.Measurements;
using SignalCam.Reporting;
using Spectre.Console;

namespace SignalCam.Cli;

/// <summary>Measurements as commands show them.</summary>
internal static class MeasurementOutput
{
    /// <summary>By name: value, unit and the beats that it is from. What was not found is not there.</summary>
    public static object ToJson(EcgMeasurements measured) => new Dictionary<string, object>(
        measured.Found()
            .Select(found => KeyValuePair.Create(
                found.Name, (object)new { found.Measurement.Value, found.Measurement.Unit, found.Measurement.Beats })))
    {
        ["source"] = MeasurementText.Source,
        ["beat_times"] = measured.BeatTimes,
    };

    public static void Print(IAnsiConsole terminal, EcgMeasurements measured)
    {
        terminal.Line(
            $"  {MeasurementText.Source}, {measured.BeatTimes.Count} beats: {string.Join(", ", MeasurementText.Lines(measured))}");
    }
}
