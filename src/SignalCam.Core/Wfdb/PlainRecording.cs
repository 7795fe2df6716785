using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// The short way for what most recordings are, those of PTB-XL among them: one file of format 16, one sample of each signal per frame, no
/// skew. A path that is read at once takes it; streams, ranges, and reading without a thread do not. Whatever is out of the ordinary is left to <see cref="RecordReader"/>, which also says what is wrong with it.
/// </summary>
internal static class PlainRecording
{
    private const int ChunkBytes = 1 << 18;

    /// <summary>The whole recording in millivolt; null where it takes the general way.</summary>
    public static EcgSignal? TryRead(WfdbHeader header, string folder, long maxValues = WfdbReadOptions.DefaultMaxValues)
    {
        var (signals, frames) = (header.Signals, header.SampleCount ?? 0);
        if (signals.Count is 0 or > InterleavedLeads.MostSignals || frames < 1 || frames > Math.Min(maxValues, Array.MaxLength) / signals.Count)
            return null;
        var rows = new FloatRow[signals.Count];
        for (var i = 0; i < rows.Length; i++)
            if (!IsPlain(signals[i], signals[0]) || !FloatRow.TryMake(signals[i], i * (int)frames, header.Source, out rows[i]))
                return null;
        try
        {
            using var file = WfdbFiles.OpenInside(folder, signals[0].FileName);
            return TryRead(file, signals, rows, (int)frames) is { } values
                ? new EcgSignal(values, new SignalLayout(LeadNames(signals), (int)frames, header.FrameRate))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The general way finds the same and says it.
            return null;
        }
    }

    private static IReadOnlyList<string> LeadNames(IReadOnlyList<WfdbSignalSpec> signals)
    {
        var descriptions = new string?[signals.Count];
        for (var i = 0; i < descriptions.Length; i++)
            descriptions[i] = signals[i].Description;
        return Signals.LeadNames.Distinct(descriptions);
    }

    private static bool IsPlain(WfdbSignalSpec signal, WfdbSignalSpec first) =>
        signal.Format == WfdbFormat.Format16 && signal.SamplesPerFrame == 1 && signal.Skew == 0 && signal.ByteOffset == first.ByteOffset
        && (ReferenceEquals(signal.FileName, first.FileName) || signal.FileName == first.FileName);

    private static float[]? TryRead(SafeFileHandle file, IReadOnlyList<WfdbSignalSpec> signals, FloatRow[] rows, int frames)
    {
        var (frameBytes, position) = (rows.Length * sizeof(short), signals[0].ByteOffset);
        var chunk = Math.Min(frames, ChunkBytes / (frameBytes * InterleavedLeads.Block) * InterleavedLeads.Block);
        // A header's claim reserves memory only where the file is as long; one chunk is read first instead of asking.
        if (chunk < frames && (RandomAccess.GetLength(file) - position) / frameBytes < frames)
            return null;
        float[]? values = null;
        var buffer = ArrayPool<byte>.Shared.Rent(chunk * frameBytes);
        Span<int> sums = stackalloc int[rows.Length];
        sums.Clear();
        try
        {
            for (var frame = 0; frame < frames; frame += chunk)
            {
                var bytes = buffer.AsSpan(0, Math.Min(chunk, frames - frame) * frameBytes);
                if (RandomAccess.Read(file, bytes, position + (long)frame * frameBytes) < bytes.Length)
                    return null;
                var samples = MemoryMarshal.Cast<byte, short>(bytes);
                if (frame == 0 && !AreInitialValues(samples, signals))
                    return null;
                values ??= GC.AllocateUninitializedArray<float>(rows.Length * frames);
                InterleavedLeads.Decode(samples, rows, values, frame, sums);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return AreChecksums(sums, signals) ? values : null;
    }

    private static bool AreInitialValues(ReadOnlySpan<short> samples, IReadOnlyList<WfdbSignalSpec> signals)
    {
        for (var i = 0; i < signals.Count; i++)
            if (signals[i].InitialValue is { } expected && expected != samples[i])
                return false;
        return true;
    }

    private static bool AreChecksums(ReadOnlySpan<int> sums, IReadOnlyList<WfdbSignalSpec> signals)
    {
        for (var i = 0; i < signals.Count; i++)
            if (signals[i].Checksum is { } expected && expected != (short)sums[i])
                return false;
        return true;
    }
}
