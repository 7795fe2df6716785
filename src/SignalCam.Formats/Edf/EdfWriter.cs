using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Formats.Edf;

/// <summary>Writes recordings as EDF+, without loss or not at all.</summary>
public static class EdfWriter
{
    /// <summary>
    /// Writes the signal of a recording with its start and its annotations that have a place in time. Reading the file gives the same
    /// samples to the bit. Samples missing in all leads become a gap (EDF+D). Other channels and patient fields are not written.
    /// </summary>
    /// <param name="path">The file to write; it appears under its name when it is complete.</param>
    /// <param name="recording">The recording.</param>
    /// <exception cref="EcgFormatException">
    /// EDF cannot hold the recording: a lead has samples that no scale of 16 bits reproduces, or samples missing in some leads only; its
    /// name does not fit the label; the rate or the length cannot be told by records of equal duration. The message states which. Nothing
    /// is written then.
    /// </exception>
    public static void Write(string path, EcgRecording recording)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(recording);
        RegularFile.RequireWritable(path);
        var bytes = Encode(path, recording);
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

    /// <summary>The bytes of the file.</summary>
    internal static byte[] Encode(string name, EcgRecording recording)
    {
        var signal = recording.Signal;
        var labels = signal.Leads.Select(lead => EdfLabels.Label(lead) ?? throw new EcgFormatException(
            name, $"lead {lead}", "a name that does not fit a label",
            $"at most {EdfLabels.Length - 4} ASCII characters that are read as this lead")).ToArray();
        var stretches = EdfStretches.Of(name, signal);
        var grid = EdfGrid.Of(name, signal, stretches);
        var scales = new EdfScale[signal.Layout.LeadCount];
        for (var lead = 0; lead < scales.Length; lead++)
            scales[lead] = EdfScaleSearch.Find(signal.Lead(lead)) ?? throw new EcgFormatException(
                name, $"lead {signal.Leads[lead]}", "samples that do not lie on a grid of 16 bits", "samples that EDF reproduces exactly");
        return EdfEncoder.Encode(recording, labels, scales, stretches, grid);
    }
}
