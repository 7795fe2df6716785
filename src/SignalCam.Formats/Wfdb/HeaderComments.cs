using System.Text.RegularExpressions;
using SignalCam.Core.Wfdb;

namespace SignalCam.Formats.Wfdb;

/// <summary>
/// What the comments of a header say. PhysioNet's databases write "# Age: 61" or "# &lt;age&gt;: 25  &lt;sex&gt;: M"; others have free
/// text, which may hold anything and counts as the patient's.
/// </summary>
internal sealed partial class HeaderComments
{
    private const int LongestKey = 40;

    private static readonly HashSet<string> PatientKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        "age", "sex", "gender", "name", "patient", "patient_name", "patient_id", "subject", "subject_id", "id", "mrn", "dob", "birth_date",
            "date_of_birth",
        "height", "weight", "bmi", "race", "ethnicity", "address", "physician", "referring_physician", "attending_physician", "hospital",
            "admission_date",
    };

    private readonly Dictionary<string, string> _metadata = [];
    private readonly Dictionary<string, string> _patient = [];

    private HeaderComments()
    {
    }

    /// <summary>Diagnoses (dx), medication (rx), history (hx), symptoms (sx) and the like, by names in small letters.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Age, sex, and free text, which stands under "comments".</summary>
    public IReadOnlyDictionary<string, string> Patient => _patient;

    public static HeaderComments Read(WfdbHeader header)
    {
        var comments = new HeaderComments();
        var text = new List<string>();
        foreach (var comment in header.Comments)
            if (comment.Length > 0 && !comments.TryAddFields(comment))
                text.Add(comment);
        if (text.Count > 0)
            comments._patient["comments"] = string.Join('\n', text);
        // A start without its other half is not a moment.
        if (header is { BaseTime: { } time, BaseDate: null })
            comments._metadata["start_time"] = (TimeOnly.MinValue.ToTimeSpan() + time).ToString("c", null);
        if (header is { BaseDate: { } date, BaseTime: null })
            comments._metadata["start_date"] = date.ToString("yyyy-MM-dd", null);
        return comments;
    }

    private bool TryAddFields(string comment)
    {
        var bracketed = BracketedFields().Matches(comment);
        if (bracketed.Count > 0)
        {
            foreach (Match field in bracketed)
                Add(field.Groups["key"].Value, field.Groups["value"].Value);
            return true;
        }
        var colon = comment.IndexOf(':');
        if (colon is <= 0 or > LongestKey || !comment.AsSpan(0, colon).Trim().ToString()
            .All(c => char.IsLetterOrDigit(c) || c is ' ' or '_' or '-' or '(' or ')'))
            return false;
        Add(comment[..colon], comment[(colon + 1)..]);
        return true;
    }

    private void Add(string key, string value)
    {
        (key, value) = (key.Trim().ToLowerInvariant().Replace(' ', '_'), value.Trim());
        if (key.Length == 0 || value.Length == 0 || value.Equals("unknown", StringComparison.OrdinalIgnoreCase))
            return;
        if (key == "gender")
            key = FieldNames.Sex;
        var fields = PatientKeys.Contains(key) ? _patient : _metadata;
        if (!fields.TryAdd(key, value))
            fields[key] = $"{fields[key]}\n{value}";
    }

    [GeneratedRegex(@"<(?<key>[^<>]{1,40})>\s*:\s*(?<value>[^<]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex BracketedFields();
}
