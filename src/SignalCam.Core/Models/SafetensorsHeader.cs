using System.Text.Json;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>The JSON header of a safetensors file, held to the format: nothing doubled, nothing unknown, no gap, no overlap.</summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataName = "__metadata__";

    private SafetensorsHeader()
    {
    }

    public sealed record Entry(string Name, TensorDType DType, long[] Shape, long Begin, long End);

    public List<Entry> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public static string NameOf(TensorDType dtype) => dtype == TensorDType.Bool ? "BOOL" : dtype.ToString();

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string file)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            return Parse(ref reader, file);
        }
        // InvalidOperationException: a string that is no UTF-8, or an escaped half of a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(file, At(reader), $"a header that is no JSON ({Shown.Of(e.Message)})", "a JSON object", e);
        }
    }

    /// <summary>Checks that the tensors cover the data exactly.</summary>
    public void RequireComplete(long dataLength, string file)
    {
        var end = 0L;
        foreach (var entry in Entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != end)
                throw new ModelFormatException(
                    file, null, $"tensor '{Shown.Of(entry.Name)}' at data byte {entry.Begin}", $"{end}, where the one before ends");
            end = entry.End;
        }
        if (end != dataLength)
            throw new ModelFormatException(file, null, $"{dataLength} bytes of data", $"{end}, where the last tensor ends");
    }

    private static SafetensorsHeader Parse(ref Utf8JsonReader reader, string file)
    {
        var header = new SafetensorsHeader();
        var names = new HashSet<string>(StringComparer.Ordinal);
        Next(ref reader, JsonTokenType.StartObject, file);
        while (NextName(ref reader, file) is { } name)
        {
            if (name.Length > ModelLimits.NameLength)
                throw Error(file, reader, $"a name of {name.Length} characters", $"at most {ModelLimits.NameLength}");
            if (!names.Add(name))
                throw Error(file, reader, $"a second '{Shown.Of(name)}'", "distinct names");
            if (names.Count > ModelLimits.Tensors)
                throw Error(file, reader, $"more than {ModelLimits.Tensors} tensors", "fewer");
            if (name == MetadataName)
                header.ReadMetadata(ref reader, file);
            else
                header.Entries.Add(ReadEntry(ref reader, name, file));
        }
        // Anything but blanks behind the object makes the reader throw.
        if (reader.Read())
            throw Error(file, reader, "more", "the end of the header");
        return header;
    }

    private void ReadMetadata(ref Utf8JsonReader reader, string file)
    {
        Next(ref reader, JsonTokenType.StartObject, file);
        while (NextName(ref reader, file) is { } key)
        {
            Next(ref reader, JsonTokenType.String, file);
            if (!Metadata.TryAdd(key, reader.GetString()!))
                throw Error(file, reader, $"a second '{Shown.Of(key)}' in {MetadataName}", "distinct names");
        }
    }

    private static Entry ReadEntry(ref Utf8JsonReader reader, string name, string file)
    {
        TensorDType? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        Next(ref reader, JsonTokenType.StartObject, file);
        while (NextName(ref reader, file) is { } member)
        {
            if (member == "dtype" && dtype is null)
                dtype = ReadDType(ref reader, name, file);
            else if (member == "shape" && shape is null)
                shape = ReadNumbers(ref reader, name, file);
            else if (member == "data_offsets" && offsets is null)
                offsets = ReadNumbers(ref reader, name, file);
            else
                throw Error(file, reader, $"'{Shown.Of(member)}' of tensor '{Shown.Of(name)}'", "dtype, shape and data_offsets, once each");
        }
        if (dtype is null || shape is null || offsets is not [var begin, var end])
            throw Error(file, reader, $"an incomplete tensor '{Shown.Of(name)}'", "dtype, shape and two data_offsets");
        if (begin > end || !NamedTensor.TryCount(shape, out var count) || count * dtype.Value.Size() != end - begin)
            throw Error(file, reader, $"data_offsets {begin} to {end} for tensor '{Shown.Of(name)}'",
                $"the size of {NameOf(dtype.Value)} of shape [{string.Join(", ", shape)}]");
        return new Entry(name, dtype.Value, shape, begin, end);
    }

    private static TensorDType ReadDType(ref Utf8JsonReader reader, string name, string file)
    {
        Next(ref reader, JsonTokenType.String, file);
        var text = reader.GetString();
        foreach (var dtype in Enum.GetValues<TensorDType>())
            if (NameOf(dtype) == text)
                return dtype;
        throw Error(file, reader, $"dtype '{Shown.Of(text)}' of tensor '{Shown.Of(name)}'",
            string.Join(", ", Enum.GetValues<TensorDType>().Select(NameOf)));
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string name, string file)
    {
        var numbers = new List<long>();
        Next(ref reader, JsonTokenType.StartArray, file);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw Error(file, reader,
                    $"a shape or offset of tensor '{Shown.Of(name)}' that is no such number", "an integer of at least 0");
            numbers.Add(number);
            if (numbers.Count > ModelLimits.Dimensions)
                throw Error(file, reader,
                    $"a shape of more than {ModelLimits.Dimensions} dimensions of tensor '{Shown.Of(name)}'", "fewer");
        }
        return [.. numbers];
    }

    private static string? NextName(ref Utf8JsonReader reader, string file)
    {
        if (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            return reader.GetString();
        return reader.TokenType == JsonTokenType.EndObject
            ? null
            : throw Error(file, reader, $"{reader.TokenType}", "a name or the end of the object");
    }

    private static void Next(ref Utf8JsonReader reader, JsonTokenType expected, string file)
    {
        if (!reader.Read() || reader.TokenType != expected)
            throw Error(file, reader, $"{reader.TokenType}", $"{expected}");
    }

    private static ModelFormatException Error(string file, in Utf8JsonReader reader, string found, string expected) =>
        new(file, At(reader), found, expected);

    private static string At(in Utf8JsonReader reader) => $"byte {sizeof(ulong) + reader.TokenStartIndex}";
}
