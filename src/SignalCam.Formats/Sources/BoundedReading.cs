using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Formats.Sources;

/// <summary>Reads streams into memory in growing steps, so that memory follows what is really there, and never more than a limit.</summary>
internal static class BoundedReading
{
    private const int FirstStep = 1 << 16;

    public static ReadOnlyMemory<byte> ReadToEnd(Stream stream, string name, long maxBytes)
    {
        var buffer = new byte[FirstSize(stream, name, maxBytes)];
        var length = 0;
        while (true)
        {
            length += Guard(name, () => stream.ReadAtLeast(buffer.AsSpan(length), buffer.Length - length, throwOnEndOfStream: false));
            if (length < buffer.Length)
                return buffer.AsMemory(0, length);
            buffer = Grow(buffer, name, maxBytes);
        }
    }

    public static async Task<ReadOnlyMemory<byte>> ReadToEndAsync(Stream stream, string name, long maxBytes,
        CancellationToken cancellationToken)
    {
        var buffer = new byte[FirstSize(stream, name, maxBytes)];
        var length = 0;
        while (true)
        {
            try
            {
                length += await stream.ReadAtLeastAsync(buffer.AsMemory(length), buffer.Length - length, throwOnEndOfStream: false,
                    cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (Exception e) when (IsOfFile(e))
            {
                throw Failure(name, e);
            }
            if (length < buffer.Length)
                return buffer.AsMemory(0, length);
            buffer = Grow(buffer, name, maxBytes);
        }
    }

    /// <summary>Runs an operation that may fail because of the file.</summary>
    public static T Guard<T>(string name, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (IsOfFile(e))
        {
            throw Failure(name, e);
        }
    }

    public static EcgFormatException TooLarge(string name, long maxBytes) =>
        new(name, null, $"more than {maxBytes} bytes", $"at most {maxBytes}");

    public static EcgFormatException TooLarge(string name, long bytes, long maxBytes) =>
        new(name, null, $"{bytes} bytes", $"at most {maxBytes}");

    private static bool IsOfFile(Exception e) => FileErrors.IsOfFile(e) || e is InvalidDataException;

    private static EcgFormatException Failure(string name, Exception e)
    {
        var (found, expected) = FileErrors.Describe(e, "a file of a recording");
        return new EcgFormatException(name, null, found, expected, e);
    }

    /// <summary>One byte more than is known to be there: a reader that fills less than its buffer is at the end.</summary>
    private static int FirstSize(Stream stream, string name, long maxBytes)
    {
        var there = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : 0;
        if (there > maxBytes || there >= Array.MaxLength)
            throw TooLarge(name, Math.Min(maxBytes, Array.MaxLength - 1));
        return (int)Math.Min(Math.Max(there, stream.CanSeek ? 0 : FirstStep), maxBytes) + 1;
    }

    private static byte[] Grow(byte[] buffer, string name, long maxBytes)
    {
        if (buffer.Length > maxBytes || buffer.Length == Array.MaxLength)
            throw TooLarge(name, maxBytes);
        var size = (int)Math.Min(Math.Min(2L * Math.Max(buffer.Length, FirstStep), maxBytes + 1), Array.MaxLength);
        Array.Resize(ref buffer, size);
        return buffer;
    }
}
