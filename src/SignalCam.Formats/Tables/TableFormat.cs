using SignalCam.Abstractions;

namespace SignalCam.Formats.Tables;

/// <summary>
/// Tables of samples as text: CSV, TSV and their like. Columns are leads, or lines are; docs/formats.md states what is understood. The last
/// of the built-in formats, as there is no signature.
/// </summary>
internal sealed class TableFormat : IEcgFormat
{
    public const string FormatName = "csv";

    public string Name => FormatName;

    public bool Recognizes(EcgFileSource file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var head = file.Head.Span;
        // XML and JSON are text as well.
        if (!TableText.IsText(head) || head.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'<' or (byte)'{', ..])
            return false;
        try
        {
            // Where the head ends within the first line of numbers it is a long one.
            TableLayout.Find(TableText.Of(file.Head), file.Name);
            return true;
        }
        catch (EcgFormatException)
        {
            return HasManyNumbers(head);
        }
    }

    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        var content = file.ReadAll(options.MaxBytes);
        if (!TableText.IsText(content.Span[..Math.Min(content.Length, EcgFileSource.HeadLength)]))
            throw new EcgFormatException(file.Name, null, "control characters", "a table as text");
        var text = TableText.Of(content);
        var layout = TableLayout.Find(text, file.Name);
        return layout.IsTransposed
            ? new RowReader(file.Name, text, layout, options).Read(cancellationToken)
            : new ColumnReader(file.Name, text, layout, options).Read(cancellationToken);
    }

    /// <summary>A table whose preamble is longer than the head still has digits as most of its characters.</summary>
    private static bool HasManyNumbers(ReadOnlySpan<byte> head)
    {
        var last = head[(head.Length / 2)..];
        var count = 0;
        foreach (var value in last)
            count += char.IsAsciiDigit((char)value) || value is (byte)',' or (byte)';' or (byte)'.' or (byte)'\t' or (byte)'-' ? 1 : 0;
        return count > last.Length / 2 && last.Length > 16;
    }
}
