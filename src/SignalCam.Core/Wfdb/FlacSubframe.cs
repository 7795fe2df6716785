using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// Decodes one channel of a FLAC block: RFC 9639, section 9.2. Values of a hostile stream may wrap, but no step accesses memory out of
/// bounds.
/// </summary>
internal static class FlacSubframe
{
    /// <summary>Decodes a subframe.</summary>
    /// <param name="reader">Positioned at its first bit.</param>
    /// <param name="samples">Receives the samples of the block.</param>
    /// <param name="bits">Bits per sample.</param>
    /// <param name="file">For messages.</param>
    public static void Read(ref BitReader reader, Span<int> samples, int bits, string file)
    {
        var header = reader.Read(8);
        var type = (int)(header >> 1 & 0x3F);
        var wasted = 0;
        if ((header & 1) != 0)
            wasted = (int)Math.Min(reader.ReadUnary() + 1, 64);
        bits -= wasted;
        if (header >= 0x80 || bits < 1)
            throw Error(ref reader, file, $"subframe header {header:x2} with {wasted} unused bits",
                "a 0 bit first, and at least 1 bit per sample");
        switch (type)
        {
            case 0:
                samples.Fill(reader.ReadSigned(bits));
                break;
            case 1:
                foreach (ref var sample in samples)
                    sample = reader.ReadSigned(bits);
                break;
            case >= 8 and <= 12:
                ReadWarmUp(ref reader, samples, type - 8, bits, file);
                ReadResidual(ref reader, samples, type - 8, file);
                PredictFixed(samples, type - 8);
                break;
            case >= 32:
                ReadLinear(ref reader, samples, type - 31, bits, file);
                break;
            default:
                throw Error(ref reader, file, $"subframe type {type}", "constant, verbatim, fixed or linear prediction");
        }
        if (wasted > 0)
            foreach (ref var sample in samples)
                sample <<= wasted;
    }

    private static void ReadWarmUp(ref BitReader reader, Span<int> samples, int order, int bits, string file)
    {
        if (order > samples.Length)
            throw Error(ref reader, file, $"prediction from {order} samples in a block of {samples.Length}", "a longer block");
        foreach (ref var sample in samples[..order])
            sample = reader.ReadSigned(bits);
    }

    private static void ReadLinear(ref BitReader reader, Span<int> samples, int order, int bits, string file)
    {
        ReadWarmUp(ref reader, samples, order, bits, file);
        var (precision, shift) = ((int)reader.Read(4) + 1, reader.ReadSigned(5));
        if (precision == 16 || shift < 0)
            throw Error(ref reader, file, $"coefficients of {precision} bits, shifted by {shift}", "at most 15 bits and no negative shift");
        Span<int> coefficients = stackalloc int[order];
        foreach (ref var coefficient in coefficients)
            coefficient = reader.ReadSigned(precision);
        ReadResidual(ref reader, samples, order, file);
        for (var t = order; t < samples.Length; t++)
        {
            var sum = 0L;
            var past = samples.Slice(t - order, order);
            for (var i = 0; i < coefficients.Length; i++)
                sum += (long)coefficients[i] * past[^(i + 1)];
            samples[t] += (int)(sum >> shift);
        }
    }

    private static void PredictFixed(Span<int> x, int order)
    {
        for (var t = order; t < x.Length; t++)
            x[t] += order switch
            {
                0 => 0,
                1 => x[t - 1],
                2 => (2 * x[t - 1]) - x[t - 2],
                3 => (3 * x[t - 1]) - (3 * x[t - 2]) + x[t - 3],
                _ => (4 * x[t - 1]) - (6 * x[t - 2]) + (4 * x[t - 3]) - x[t - 4],
            };
    }

    /// <summary>The differences from the prediction, Rice-coded in partitions; they take the place of the samples they become.</summary>
    private static void ReadResidual(ref BitReader reader, Span<int> samples, int order, string file)
    {
        var (method, partitions) = (reader.Read(2), 1 << (int)reader.Read(4));
        var perPartition = samples.Length / partitions;
        if (method > 1 || perPartition * partitions != samples.Length || perPartition < order)
            throw Error(ref reader, file, $"coding method {method} with {partitions} partitions in a block of {samples.Length}",
                "method 0 or 1 with partitions of one size");
        var parameterBits = method == 0 ? 4 : 5;
        var escape = (1 << parameterBits) - 1;
        for (var (partition, from) = (0, order); partition < partitions; partition++)
        {
            var part = samples[from..((partition + 1) * perPartition)];
            from += part.Length;
            var parameter = (int)reader.Read(parameterBits);
            if (parameter == escape)
            {
                var bits = (int)reader.Read(5);
                foreach (ref var sample in part)
                    sample = reader.ReadSigned(bits);
                continue;
            }
            foreach (ref var sample in part)
            {
                // Unsigned so that a hostile run of zeros wraps.
                var folded = (reader.ReadUnary() << parameter) | reader.Read(parameter);
                sample = (int)(folded >> 1) ^ -(int)(folded & 1);
            }
        }
    }

    private static EcgFormatException Error(ref BitReader reader, string file, string found, string expected) =>
        new(file, $"byte {reader.Position}", found, expected);
}

/// <summary>The checksums of FLAC frames.</summary>
internal static class FlacChecksums
{
    private static readonly byte[] Table8 = [.. Enumerable.Range(0, 256).Select(i => (byte)Remainder(i, 8, 0x07))];
    private static readonly ushort[] Table16 = [.. Enumerable.Range(0, 256).Select(i => (ushort)Remainder(i, 16, 0x8005))];

    /// <summary>For a frame's header: polynomial x^8 + x^2 + x + 1.</summary>
    public static uint Crc8(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (var value in bytes)
            sum = Table8[sum ^ value];
        return sum;
    }

    /// <summary>For a whole frame: polynomial x^16 + x^15 + x^2 + 1.</summary>
    public static uint Crc16(ReadOnlySpan<byte> bytes)
    {
        ushort sum = 0;
        foreach (var value in bytes)
            sum = (ushort)(sum << 8 ^ Table16[sum >> 8 ^ value]);
        return sum;
    }

    private static int Remainder(int value, int bits, int polynomial)
    {
        value <<= bits - 8;
        for (var i = 0; i < 8; i++)
            value = value << 1 ^ ((value >> (bits - 1) & 1) == 0 ? 0 : polynomial);
        return value;
    }
}
