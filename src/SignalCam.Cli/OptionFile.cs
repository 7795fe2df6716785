using System.Text.Json;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Cli;

/// <summary>JSON files that options name.</summary>
internal static class OptionFile
{
    private const long MostBytes = 1 << 24;

    /// <summary>Reads one.</summary>
    /// <param name="option">The option, for messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should hold.</param>
    /// <param name="read">Makes what is wanted of the text; null where the text holds something else.</param>
    /// <exception cref="OptionFileException">It cannot be read or holds something else.</exception>
    public static T Read<T>(string option, string path, string expected, Func<string, T?> read)
        where T : class
    {
        try
        {
            return read(RegularFile.ReadAllText(path, MostBytes))
                ?? throw new OptionFileException(option, path, null, "other JSON", expected);
        }
        catch (JsonException e)
        {
            throw new OptionFileException(option, path, e.LineNumber is { } line ? $"line {line + 1}" : null, e.Message, expected, e);
        }
        // ArgumentException: a member that is there twice. InvalidOperationException: a text with half of a surrogate pair.
        catch (Exception e)
            when (e is ArgumentException or FormatException or InvalidDataException or InvalidOperationException or NotSupportedException)
        {
            throw new OptionFileException(option, path, null, e.Message, expected, e);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            var (found, wanted) = FileErrors.Describe(e, expected);
            throw new OptionFileException(option, path, null, found, wanted, e);
        }
    }
}

/// <summary>A file that an option names does not hold what the option takes.</summary>
internal sealed class OptionFileException(
    string option, string file, string? position, string found, string expected, Exception? innerException = null)
    : FileFormatException($"{option}: {file}", position, found, expected, innerException);
