using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// The fast path for most recordings, including PTB-XL: one file of format 16, one sample of each signal per frame, no skew. Whole
/// recordings take it, from paths and streams. Everything else is left to <see cref="RecordReader"/>, which also states what is wrong
/// with it.
/// </summary>
internal sealed class PlainRecording
{
    private const int ChunkBytes = 1 << 18;

    private readonly WfdbHeader _header;
    private readonly FloatRow[] _rows;
    private readonly int _frames;

    private PlainRecording(WfdbHeader header, FloatRow[] rows) =>
        (_header, _rows, _frames) = (header, rows, (int)header.SampleCount!.Value);

    private IReadOnlyList<WfdbSignalSpec> Signals => _header.Signals;

    /// <summary>The recording of a header if it is plain; otherwise null.</summary>
    /// <param name="header">The header.</param>
    /// <param name="mostValues">The caller's limit on values.</param>
    public static PlainRecording? Of(WfdbHeader header, long mostValues = WfdbReadOptions.DefaultMaxValues)
    {
        var (signals, frames) = (header.Signals, header.SampleCount ?? 0);
        if (signals.Count is 0 or > InterleavedLeads.MostSignals || frames < 1
            || frames > Math.Min(mostValues, Array.MaxLength) / signals.Count)
            return null;
        var rows = new FloatRow[signals.Count];
        for (var i = 0; i < rows.Length; i++)
            if (!IsPlain(signals[i], signals[0]) || !FloatRow.TryMake(signals[i], i * (int)frames, header.Source, out rows[i]))
                return null;
        return new PlainRecording(header, rows);
    }

    /// <summary>
    /// Reads the recording in millivolts from its header's folder; null if the general path is needed. Completes synchronously
    /// unless <paramref name="isAsync"/>.
    /// </summary>
    public async Task<EcgSignal?> TryReadAsync(string folder, bool isAsync, CancellationToken cancellationToken = default)
    {
        try
        {
            using var file = WfdbFiles.OpenInside(folder, Signals[0].FileName);
            return await TryReadAsync(new FileChunks(file), isAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The general way finds the same and says it.
            return null;
        }
    }

    /// <summary>
    /// Reads the recording in millivolts from its signal file, open at the beginning; null if the general path is needed.
    /// </summary>
    public EcgSignal? TryRead(Stream stream)
    {
        try
        {
            return stream.CanSeek ? TryReadAsync(new StreamChunks(stream), isAsync: false, default).GetAwaiter().GetResult() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // As above.
            return null;
        }
    }

    private static bool IsPlain(WfdbSignalSpec signal, WfdbSignalSpec first) =>
        signal.Format == WfdbFormat.Format16 && signal.SamplesPerFrame == 1 && signal.Skew == 0 && signal.ByteOffset == first.ByteOffset
        && (ReferenceEquals(signal.FileName, first.FileName) || signal.FileName == first.FileName);

    private async Task<EcgSignal?> TryReadAsync(IChunks file, bool isAsync, CancellationToken cancellationToken)
    {
        var (frameBytes, position) = (_rows.Length * sizeof(short), Signals[0].ByteOffset);
        var chunk = Math.Min(_frames, ChunkBytes / (frameBytes * InterleavedLeads.Block) * InterleavedLeads.Block);
        // A header's claim reserves memory only where the file is as long; one chunk is read first instead of asking.
        if (chunk < _frames && (file.Length - position) / frameBytes < _frames)
            return null;
        float[]? values = null;
        var buffer = ArrayPool<byte>.Shared.Rent(chunk * frameBytes);
        var sums = new int[_rows.Length];
        try
        {
            for (var frame = 0; frame < _frames; frame += chunk)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var bytes = buffer.AsMemory(0, Math.Min(chunk, _frames - frame) * frameBytes);
                if (await file.ReadAsync(bytes, position + (long)frame * frameBytes, isAsync, cancellationToken)
                    .ConfigureAwait(false) < bytes.Length)
                    return null;
                if (frame == 0 && !AreInitialValues(bytes.Span))
                    return null;
                values ??= GC.AllocateUninitializedArray<float>(_rows.Length * _frames);
                InterleavedLeads.Decode(MemoryMarshal.Cast<byte, short>(bytes.Span), _rows, values, frame, sums);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return AreChecksums(sums) ? new EcgSignal(values!, new SignalLayout(LeadNames(), _frames, _header.FrameRate)) : null;
    }

    private IReadOnlyList<string> LeadNames()
    {
        var descriptions = new string?[Signals.Count];
        for (var i = 0; i < descriptions.Length; i++)
            descriptions[i] = Signals[i].Description;
        return Core.Signals.LeadNames.Distinct(descriptions);
    }

    private bool AreInitialValues(ReadOnlySpan<byte> bytes)
    {
        var samples = MemoryMarshal.Cast<byte, short>(bytes);
        for (var i = 0; i < Signals.Count; i++)
            if (Signals[i].InitialValue is { } expected && expected != samples[i])
                return false;
        return true;
    }

    private bool AreChecksums(ReadOnlySpan<int> sums)
    {
        for (var i = 0; i < Signals.Count; i++)
            if (Signals[i].Checksum is { } expected && expected != (short)sums[i])
                return false;
        return true;
    }

    /// <summary>A signal file with random access.</summary>
    private interface IChunks
    {
        long Length { get; }

        ValueTask<int> ReadAsync(Memory<byte> buffer, long position, bool isAsync, CancellationToken cancellationToken);
    }

    private sealed class FileChunks(SafeFileHandle file) : IChunks
    {
        public long Length => RandomAccess.GetLength(file);

        public ValueTask<int> ReadAsync(Memory<byte> buffer, long position, bool isAsync, CancellationToken cancellationToken) =>
            isAsync ? RandomAccess.ReadAsync(file, buffer, position, cancellationToken)
                : ValueTask.FromResult(RandomAccess.Read(file, buffer.Span, position));
    }

    private sealed class StreamChunks(Stream stream) : IChunks
    {
        public long Length => stream.Length;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, long position, bool isAsync, CancellationToken cancellationToken)
        {
            stream.Position = position;
            return ValueTask.FromResult(stream.ReadAtLeast(buffer.Span, buffer.Length, throwOnEndOfStream: false));
        }
    }
}
