using SignalCam.Abstractions;

namespace SignalCam.Formats.Channels;

/// <summary>Limits the memory that a file can request for a recording.</summary>
internal static class ValueLimit
{
    // Missing samples cost memory that the file does not have to hold: a recording that is all but gap is refused.
    private const long MostValuesPerStoredValue = 64;
    private const long AlwaysAllowed = 1 << 20;

    /// <exception cref="EcgFormatException">There are more values than <see cref="EcgReadOptions.MaxValues"/>.</exception>
    public static void Require(string file, long channels, long length, EcgReadOptions options)
    {
        if (channels > 0 && length > options.MaxValues / channels)
            throw new EcgFormatException(file, null, $"{channels} channels x {length} samples",
                $"at most {options.MaxValues} values (EcgReadOptions.MaxValues)");
    }

    /// <summary>The same for a recording with gaps, of which <paramref name="stored"/> values are in the file.</summary>
    public static void RequireWithGaps(string file, long channels, long length, long stored, EcgReadOptions options)
    {
        Require(file, channels, length, options);
        var values = channels * length;
        if (values > AlwaysAllowed && values / MostValuesPerStoredValue > stored)
            throw new EcgFormatException(file, null, $"{channels} channels x {length} samples of which the file holds {stored} values",
                "a recording that is not all but gap");
    }
}
