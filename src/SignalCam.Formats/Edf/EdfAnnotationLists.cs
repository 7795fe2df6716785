using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Edf;

/// <summary>The annotation lists of the records that are written: each begins with the record's onset.</summary>
internal static class EdfAnnotationLists
{
    /// <param name="recording">The recording whose annotations with a position in time are written.</param>
    /// <param name="places">The first sample of each record.</param>
    public static byte[][] Of(EcgRecording recording, int[] places)
    {
        var rate = (decimal)recording.Signal.SamplingRate;
        var fraction = recording.Start is { } start ? start.Local.Ticks % TimeSpan.TicksPerSecond / (decimal)TimeSpan.TicksPerSecond : 0;
        var lists = new StringBuilder[places.Length];
        for (var record = 0; record < lists.Length; record++)
            lists[record] = new StringBuilder($"{Time(fraction + (places[record] / rate))}\x14\x14\0");
        foreach (var annotation in recording.Annotations)
        {
            if (annotation.Seconds is not { } seconds || !(Math.Abs(seconds) <= 1e9) || Plain(annotation) is not { Length: > 0 } text)
                continue;
            var record = Array.BinarySearch(places, (int)Math.Clamp(seconds * recording.Signal.SamplingRate, 0, recording.Signal.Length));
            var duration = annotation.Duration is { } d and >= 0 and < 1e9
                ? $"\x15{((decimal)d).ToString("0.#######", CultureInfo.InvariantCulture)}" : "";
            lists[record >= 0 ? record : Math.Max(0, ~record - 1)].Append($"{Time(fraction + (decimal)seconds)}{duration}\x14{text}\x14\0");
        }
        return [.. lists.Select(l => Encoding.UTF8.GetBytes(l.ToString()))];
    }

    private static string Time(decimal seconds) => seconds.ToString("+0.#######;-0.#######", CultureInfo.InvariantCulture);

    /// <summary>The text with its value, without the marks of the list.</summary>
    private static string Plain(EcgAnnotation annotation)
    {
        var text = annotation.Value is { } value ? $"{annotation.Text}: {value}" : annotation.Text;
        if (annotation.Lead is { } lead)
            text = $"{text}@@ECG {lead}";
        return string.Concat(text.Where(c => !char.IsControl(c)));
    }
}
