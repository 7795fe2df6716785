using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>Frames [From, To) of a file's time axis become frames from At on of the output.</summary>
internal readonly record struct FrameRange(long From, long To, long At);

/// <summary>A requested signal of a file.</summary>
internal sealed record WantedSignal(WfdbSignalSpec Spec, int Index, FrameSlot Slot, SampleWriter Writer);

/// <summary>Reads the signals of one open file in chunks of whole frames, and checks them against the header.</summary>
/// <param name="group">The signals of the file.</param>
/// <param name="file">For messages.</param>
/// <param name="wanted">The signals to read.</param>
/// <param name="warnings">Receives checksum and initial value mismatches; null to treat them as errors.</param>
internal sealed class GroupReader(SignalGroup group, string file, IReadOnlyList<WantedSignal> wanted, List<string>? warnings = null)
{
    private const int ChunkBytes = 1 << 18;

    /// <summary>Running values of format 8, one per signal of the file.</summary>
    private readonly int[] _running = group.Spec.Format == WfdbFormat.Format8 ? new int[group.Count] : [];
    private int[] _sums = [];

    /// <summary>Reads a range; completes synchronously unless <paramref name="isAsync"/>.</summary>
    /// <param name="stream">The file, with random access.</param>
    /// <param name="frames">Frames of the record, all of which the file holds.</param>
    /// <param name="available">Frames that the file holds; those beyond the record's end serve signals with a skew.</param>
    /// <param name="range">What to read.</param>
    /// <param name="verify">Whether to check checksums and initial values; the range must then be the whole record.</param>
    /// <param name="isAsync">Whether to read asynchronously.</param>
    /// <param name="cancellationToken">Cancels between two chunks.</param>
    public async Task ReadAsync(Stream stream, long frames, long available, FrameRange range, bool verify, bool isAsync,
        CancellationToken cancellationToken)
    {
        var (first, last) = FramesToRead(available, range, verify);
        if (first >= last)
            return;
        _sums = verify ? new int[group.FrameSize] : [];
        for (var i = 0; i < _running.Length; i++)
            _running[i] = group.Signal(i).StartValue;
        Seek(stream, group.Spec.ByteOffset + group.Spec.Format.BytesFor(first * group.FrameSize));

        var chunkFrames = ChunkFrames(last - first);
        var buffer = ArrayPool<byte>.Shared.Rent((int)group.Spec.Format.BytesFor((long)chunkFrames * group.FrameSize));
        try
        {
            for (var frame = first; frame < last; frame += chunkFrames)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = (int)Math.Min(chunkFrames, last - frame);
                var bytes = buffer.AsMemory(0, (int)group.Spec.Format.BytesFor((long)count * group.FrameSize));
                if (await WfdbFiles.ReadAsync(stream, file, bytes, isAsync, cancellationToken).ConfigureAwait(false) < bytes.Length)
                    throw new EcgFormatException(
                        file, $"byte {stream.Position}", "the end of the file", "the samples that were there when it was opened");
                Decode(bytes.Span, count * group.FrameSize, new FrameRange(frame, frame + count, 0), range, frames);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        if (verify)
            VerifyChecksums();
    }

    /// <summary>Reads a range of a FLAC stream, which is decoded from its beginning.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public void Read(FlacFile flac, long frames, long available, FrameRange range, bool verify, CancellationToken cancellationToken)
    {
        var (first, last) = FramesToRead(available, range, verify);
        if (first >= last)
            return;
        _sums = verify ? new int[group.FrameSize] : [];
        var chunkFrames = ChunkFrames(last - first);
        var source = new FlacFrames(flac, group.Count, group.Spec.SamplesPerFrame,
            group.Spec.ByteOffset + (first * group.Spec.SamplesPerFrame));
        var buffer = ArrayPool<int>.Shared.Rent(chunkFrames * group.FrameSize);
        try
        {
            for (var frame = first; frame < last; frame += chunkFrames)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = (int)Math.Min(chunkFrames, last - frame);
                source.Read(buffer.AsSpan(0, count * group.FrameSize));
                Take<int>(buffer.AsSpan(0, count * group.FrameSize), new FrameRange(frame, frame + count, 0), range, frames);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(buffer);
        }
        if (verify)
            VerifyChecksums();
    }

    /// <summary>
    /// Packed formats are read from a whole unit on, format 8 always from the start. Without a skew that is the range itself;
    /// a signal with a skew needs the frames that lie later in the file by as much.
    /// </summary>
    private (long First, long Last) FramesToRead(long available, FrameRange range, bool verify)
    {
        var (least, most) = (wanted.Min(w => (long)w.Spec.Skew), wanted.Max(w => (long)w.Spec.Skew));
        var last = range.To > available - most ? available : range.To + most;
        if (verify || group.Spec.Format == WfdbFormat.Format8)
            return (0, last);
        var first = range.From > available - least ? available : range.From + least;
        return (first - first % WfdbFormats.FrameAlignment, last);
    }

    private int ChunkFrames(long frames)
    {
        var aligned = Math.Max(1, ChunkBytes / (2 * group.FrameSize * WfdbFormats.FrameAlignment)) * WfdbFormats.FrameAlignment;
        return (int)Math.Min(frames, aligned);
    }

    private void Seek(Stream stream, long position) => WfdbFiles.Guard(file, () => stream.Seek(position, SeekOrigin.Begin));

    private void Decode(ReadOnlySpan<byte> bytes, int samples, FrameRange chunk, FrameRange range, long frames)
    {
        if (group.Spec.Format == WfdbFormat.Format16 && BitConverter.IsLittleEndian)
        {
            Take(MemoryMarshal.Cast<byte, short>(bytes), chunk, range, frames);
            return;
        }
        var decoded = ArrayPool<int>.Shared.Rent(samples);
        try
        {
            if (group.Spec.Format == WfdbFormat.Format8)
                SumDifferences(bytes, decoded);
            else
                WfdbSampleCodec.Decode(group.Spec.Format, bytes, decoded.AsSpan(0, samples));
            Take<int>(decoded.AsSpan(0, samples), chunk, range, frames);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(decoded);
        }
    }

    private void SumDifferences(ReadOnlySpan<byte> bytes, Span<int> samples)
    {
        for (var i = 0; i < bytes.Length;)
            for (var signal = 0; signal < _running.Length; signal++)
                for (var k = group.Signal(signal).SamplesPerFrame; k > 0; k--, i++)
                    samples[i] = _running[signal] += (sbyte)bytes[i];
    }

    private void Take<T>(ReadOnlySpan<T> samples, FrameRange chunk, FrameRange range, long frames)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (var signal in wanted)
        {
            var from = Math.Max(chunk.From, range.From + signal.Spec.Skew);
            var to = Math.Min(chunk.To, range.To + signal.Spec.Skew);
            if (from >= to)
                continue;
            var part = samples.Slice((int)(from - chunk.From) * group.FrameSize, (int)(to - from) * group.FrameSize);
            signal.Writer.Write(part, signal.Slot, range.At + from - signal.Spec.Skew - range.From);
        }
        if (_sums.Length == 0 || chunk.From >= frames)
            return;
        if (chunk.From == 0)
            VerifyInitialValues(samples);
        AddUp(samples[..((int)(Math.Min(chunk.To, frames) - chunk.From) * group.FrameSize)]);
    }

    private void AddUp<T>(ReadOnlySpan<T> samples)
        where T : unmanaged, IBinaryInteger<T>
    {
        var sums = _sums;
        for (; !samples.IsEmpty; samples = samples[sums.Length..])
            for (var slot = 0; slot < sums.Length; slot++)
                sums[slot] += int.CreateTruncating(samples[slot]);
    }

    /// <summary>The differences of format 8 start from the initial value, so that only the other formats can contradict it.</summary>
    private void VerifyInitialValues<T>(ReadOnlySpan<T> samples)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (group.Spec.Format == WfdbFormat.Format8)
            return;
        foreach (var signal in wanted)
        {
            var found = int.CreateTruncating(samples[signal.Slot.Start]);
            if (signal.Spec.InitialValue is { } expected && expected != found)
                Report(signal, $"initial value {found}", $"{expected}");
        }
    }

    private void VerifyChecksums()
    {
        foreach (var signal in wanted)
        {
            var sum = 0;
            foreach (var part in _sums.AsSpan(signal.Slot.Start, signal.Slot.Count))
                sum += part;
            if (signal.Spec.Checksum is { } expected && expected != (short)sum)
                Report(signal, $"checksum {(short)sum}", $"{expected}");
        }
    }

    private void Report(WantedSignal signal, string found, string expected)
    {
        if (warnings is null)
            throw new EcgFormatException(file, $"signal {signal.Index} ({signal.Spec.Description})", found,
                $"{expected}, as the header states");
        warnings.Add($"signal {signal.Index} ({signal.Spec.Description}) has {found}, but the header states {expected}");
    }
}
