using System.Globalization;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Formats.Tables;

/// <summary>Writes recordings as CSV that <see cref="EcgFile"/> reads back to the same bits.</summary>
/// <remarks>
/// A column "time (s)" and one for each lead, "II (mV)", separated by commas, with decimal points; a missing sample is an empty field.
/// Samples have as many digits as it takes to read the same float. Where the times do not give the exact sampling rate, a line "# sampling
/// rate: ... Hz" stands above. A name that a spreadsheet would take for a formula, such as "-aVR (mV)", has an apostrophe in front. UTF-8,
/// lines end with LF.
/// </remarks>
public static class EcgCsv
{
    /// <summary>Writes a file, under a temporary name that is renamed when it is complete.</summary>
    /// <param name="path">The file to write; one that is there is replaced.</param>
    /// <param name="signal">The recording in millivolts.</param>
    /// <exception cref="ArgumentException">A sample is infinite, or a lead's name has a line break.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, EcgSignal signal)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(signal);
        RegularFile.RequireWritable(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                1 << 16))
                Write(writer, signal);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes to a text, which stays open.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="signal">The recording in millivolts.</param>
    /// <exception cref="ArgumentException">A sample is infinite, or a lead's name has a line break.</exception>
    public static void Write(TextWriter writer, EcgSignal signal)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(signal);
        Check(signal);
        // Whole rates and short recordings come back exactly from the times; others are stated.
        if (signal.SamplingRate != Math.Floor(signal.SamplingRate) || signal.SamplingRate > 100_000 || signal.Length < 2)
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"# sampling rate: {signal.SamplingRate:R} Hz\n"));
        writer.Write("time (s)");
        foreach (var lead in signal.Leads)
            writer.Write($",{Quoted(SpreadsheetCell.Escape($"{lead} (mV)"))}");
        writer.Write('\n');
        Span<char> digits = stackalloc char[32];
        var samples = signal.Samples.Span;
        for (var t = 0; t < signal.Length; t++)
        {
            (t / signal.SamplingRate).TryFormat(digits, out var count, "R", CultureInfo.InvariantCulture);
            writer.Write(digits[..count]);
            for (var i = t; i < samples.Length; i += signal.Length)
            {
                writer.Write(',');
                if (float.IsNaN(samples[i]))
                    continue;
                samples[i].TryFormat(digits, out count, "R", CultureInfo.InvariantCulture);
                writer.Write(digits[..count]);
            }
            writer.Write('\n');
        }
    }

    private static void Check(EcgSignal signal)
    {
        foreach (var lead in signal.Leads)
            if (lead.Any(char.IsControl) || lead.Trim() != lead || lead.Length == 0)
                throw new ArgumentException($"a lead's name in a table is one line of text without blanks around it, found '{lead}'",
                    nameof(signal));
        for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
            if (signal.Lead(lead).IndexOfAny(float.PositiveInfinity, float.NegativeInfinity) is >= 0 and var t)
                throw new ArgumentException($"lead {signal.Leads[lead]}, sample {t}: {signal.Lead(lead)[t]} mV", nameof(signal));
    }

    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(",\"'") >= 0 ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}
