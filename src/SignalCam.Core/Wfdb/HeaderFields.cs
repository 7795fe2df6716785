namespace SignalCam.Core.Wfdb;

/// <summary>The fields of a line, separated by blanks and tabs.</summary>
internal ref struct HeaderFields(ReadOnlySpan<char> line)
{
    public ReadOnlySpan<char> Rest { get; private set; } = line;

    public ReadOnlySpan<char> Next() => TryNext(out var field) ? field : [];

    public bool TryNext(out ReadOnlySpan<char> field)
    {
        // Fields are short: a search by vectors would take longer.
        var rest = Rest;
        var end = 0;
        while (end < rest.Length && !IsBlank(rest[end]))
            end++;
        field = rest[..end];
        while (end < rest.Length && IsBlank(rest[end]))
            end++;
        Rest = rest[end..];
        return !field.IsEmpty;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t';
}
