using System.Globalization;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Core.Wfdb;

/// <summary>Writes WFDB recordings: one signal file with all leads interleaved, and the header with initial values and checksums.</summary>
public static class WfdbWriter
{
    /// <summary>
    /// Writes NAME.dat and then NAME.hea, each under a temporary name that is renamed when it is complete:
    /// if the header exists, so do the samples.
    /// </summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="recordName">Letters, digits, '_' and '-'.</param>
    /// <param name="signal">The recording in millivolts. NaN is stored as the format's invalid sample.</param>
    /// <param name="options">How to store it; null for format 16 with 1000 units per millivolt.</param>
    /// <exception cref="ArgumentException">
    /// The name, an option or a lead's name is not valid in a header, or a sample does not fit the format with this gain and baseline
    /// (for format 8: a step between two samples), or no gain reproduces a lead to the bit (<see cref="WfdbWriteOptions.Exact"/>); the
    /// message names it. Nothing is written then.
    /// </exception>
    public static void Write(string folder, string recordName, EcgSignal signal, WfdbWriteOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(signal);
        options ??= new WfdbWriteOptions();
        Require(!string.IsNullOrEmpty(recordName)
            && recordName.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && recordName != "-",
            nameof(recordName), $"'{recordName}' is no record name: letters, digits, '_' and '-' are allowed");
        Require(Enum.IsDefined(options.Format) && options.Format != WfdbFormat.Null && !options.Format.IsFlac(), nameof(options),
            $"format {(int)options.Format} cannot be written");
        Require(double.IsFinite(options.Gain) && options.Gain != 0, nameof(options),
            $"a gain of {options.Gain} cannot be stored: it is finite and not 0");

        var scale = options.Exact
            ? ExactScale(signal)
            : new Scale(options.Format, [.. Enumerable.Repeat(options.Gain, signal.Layout.LeadCount)], options.Baseline);
        var leads = new int[signal.Layout.LeadCount][];
        for (var lead = 0; lead < leads.Length; lead++)
            leads[lead] = Digitize(signal, lead, scale);
        var header = HeaderOf(recordName, signal, options, scale, leads);
        var bytes = scale.Format == WfdbFormat.Format8 ? Differences(signal, leads) : Interleaved(scale.Format, leads);

        WriteFile(Path.Combine(folder, header.Signals[0].FileName), bytes);
        WriteFile(Path.Combine(folder, recordName + ".hea"), Encoding.UTF8.GetBytes(header.ToText()));
    }

    /// <summary>A lossless gain for each lead, and a format that holds all of them.</summary>
    private static Scale ExactScale(EcgSignal signal)
    {
        var gains = new double[signal.Layout.LeadCount];
        var most = 0.0;
        for (var lead = 0; lead < gains.Length; lead++)
        {
            var samples = signal.Lead(lead);
            gains[lead] = WfdbGainSearch.Find(samples) ?? throw new ArgumentException(
                $"lead {signal.Leads[lead]}: no gain reproduces its samples to the bit within 32 bits (they were not read from integers)",
                nameof(signal));
            foreach (var sample in samples)
                most = Math.Max(most, Math.Abs(float.IsNaN(sample) ? 0 : sample * gains[lead]));
        }
        var format = most switch
        {
            <= short.MaxValue => WfdbFormat.Format16,
            < 1 << 23 => WfdbFormat.Format24,
            _ => WfdbFormat.Format32,
        };
        return new Scale(format, gains, 0);
    }

    private static int[] Digitize(EcgSignal signal, int lead, Scale scale)
    {
        var invalid = scale.Format.InvalidSample();
        // The most negative value of a format marks an invalid sample. The values of format 8 may leave 8 bits, only their steps may not.
        var most = scale.Format == WfdbFormat.Format8 ? int.MaxValue : -(long)invalid - 1;
        var samples = signal.Lead(lead);
        var digital = new int[samples.Length];
        for (var t = 0; t < digital.Length; t++)
        {
            var value = Math.Round(samples[t] * scale.Gains[lead] + scale.Baseline);
            if (double.IsNaN(value) && scale.Format != WfdbFormat.Format8)
                digital[t] = invalid;
            else if (Math.Abs(value) <= most)
                digital[t] = (int)value;
            else
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"lead {signal.Leads[lead]}, sample {t}: {samples[t]} mV does not fit format "
                    + $"{(int)scale.Format} with gain {scale.Gains[lead]} and baseline {scale.Baseline}"),
                    nameof(signal));
        }
        return digital;
    }

    private static byte[] Interleaved(WfdbFormat format, int[][] leads)
    {
        var (count, length) = (leads.Length, leads[0].Length);
        var frames = new int[count * length];
        for (var lead = 0; lead < count; lead++)
            for (var t = 0; t < length; t++)
                frames[t * count + lead] = leads[lead][t];
        var size = format.BytesFor(frames.Length);
        // The WFDB library reads the last word of format 311 whole, though three bytes hold two samples.
        var bytes = new byte[format == WfdbFormat.Format311 && size % 4 == 3 ? size + 1 : size];
        WfdbSampleCodec.Encode(format, frames, bytes);
        return bytes;
    }

    /// <summary>Format 8: each byte is the step from the lead's sample before; the first is the step from the initial value, 0.</summary>
    private static byte[] Differences(EcgSignal signal, int[][] leads)
    {
        var bytes = new byte[leads.Length * leads[0].Length];
        for (var lead = 0; lead < leads.Length; lead++)
            for (var t = 1; t < leads[lead].Length; t++)
            {
                var step = (long)leads[lead][t] - leads[lead][t - 1];
                Require(step is >= sbyte.MinValue and <= sbyte.MaxValue, nameof(signal),
                    $"lead {signal.Leads[lead]}, sample {t}: a step of {step} units does not fit format 8 (-128 to 127)");
                bytes[t * leads.Length + lead] = (byte)step;
            }
        return bytes;
    }

    private static WfdbHeader HeaderOf(string recordName, EcgSignal signal, WfdbWriteOptions options, Scale scale, int[][] leads)
    {
        var comments = options.Comments.Select(c => RequireOneLine(c, "comment")).ToArray();
        return new WfdbHeader
        {
            RecordName = recordName,
            SignalCount = leads.Length,
            FrameRate = signal.SamplingRate,
            SampleCount = signal.Length,
            BaseTime = options.BaseTime,
            BaseDate = options.BaseDate,
            Comments = comments,
            Signals = [.. leads.Select((samples, lead) => new WfdbSignalSpec
            {
                FileName = recordName + ".dat",
                Format = scale.Format,
                Gain = scale.Gains[lead],
                Baseline = scale.Baseline,
                Units = "mV",
                AdcResolution = scale.Format == WfdbFormat.Format8 ? 12 : scale.Format.Bits(),
                AdcZero = 0,
                InitialValue = samples[0],
                Checksum = (short)samples.Aggregate(0, (sum, sample) => unchecked(sum + sample)),
                BlockSize = 0,
                Description = RequireOneLine(signal.Leads[lead], "lead name"),
            })],
        };
    }

    private static string RequireOneLine(string text, string what)
    {
        Require(!string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl), what, $"a {what} is one line of text, found '{text}'");
        return text.Trim();
    }

    private static void Require(bool condition, string parameter, string message)
    {
        if (!condition)
            throw new ArgumentException(message, parameter);
    }

    private static void WriteFile(string path, ReadOnlySpan<byte> bytes)
    {
        RegularFile.RequireWritable(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>How samples become digital values: round(mV x gain + baseline), with a gain for each lead.</summary>
    private sealed record Scale(WfdbFormat Format, double[] Gains, int Baseline);
}
