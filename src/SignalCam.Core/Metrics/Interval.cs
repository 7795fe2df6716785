using System.Text.Json;
using System.Text.Json.Serialization;

namespace SignalCam.Core.Metrics;

/// <summary>A 95 % interval; in JSON an array of its ends.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
[JsonConverter(typeof(IntervalJson))]
public readonly record struct Interval(double Low, double High)
{
    private const double Tail = 0.025;

    /// <summary>
    /// The percentile interval (Efron and Tibshirani 1993, chapter 13): the 2.5th and 97.5th percentile, linear between the two neighbours
    /// as NumPy does it. NaN stands for a resample in which the figure does not exist; with more than one such resample in ten there is no
    /// interval.
    /// </summary>
    /// <param name="values">The figure in each resample; sorted on return.</param>
    internal static Interval? Percentile(Span<double> values)
    {
        // NaN sorts before every number.
        values.Sort();
        var missing = 0;
        while (missing < values.Length && double.IsNaN(values[missing]))
            missing++;
        var there = values[missing..];
        return there.IsEmpty || missing * 10 > values.Length ? null : new Interval(At(there, Tail), At(there, 1 - Tail));
    }

    private static double At(ReadOnlySpan<double> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }
}

/// <summary>A figure with its uncertainty.</summary>
/// <param name="Value">The figure; null where it does not exist (0/0).</param>
/// <param name="Interval">Its 95 % interval; null where none was asked for, or where it does not exist.</param>
public readonly record struct Figure(double? Value, Interval? Interval);

internal sealed class IntervalJson : JsonConverter<Interval>
{
    public override Interval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, FigureJson.Default.DoubleArray) is [var low, var high]
            ? new Interval(low, high)
            : throw new JsonException("an interval is an array of two numbers");

    public override void Write(Utf8JsonWriter writer, Interval value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Low);
        writer.WriteNumberValue(value.High);
        writer.WriteEndArray();
    }
}

/// <summary>Writers of what is not put together member by member, made at build time: nothing is looked up by reflection.</summary>
[JsonSerializable(typeof(ConfusionMatrix))]
[JsonSerializable(typeof(DeLongComparison?))]
[JsonSerializable(typeof(Interval?))]
[JsonSerializable(typeof(double[]))]
internal sealed partial class FigureJson : JsonSerializerContext;
