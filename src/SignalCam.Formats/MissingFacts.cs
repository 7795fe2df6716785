using SignalCam.Abstractions;

namespace SignalCam.Formats;

/// <summary>Collects what a table or an array does not say and no option gives, so that one error names all of it.</summary>
internal sealed class MissingFacts(string file)
{
    private readonly List<(string Found, string Expected, string Option)> _missing = [];

    /// <summary>Notes that something is missing.</summary>
    /// <param name="found">What is there instead, such as "no unit".</param>
    /// <param name="expected">What would give it, the option among it.</param>
    /// <param name="option">The property of <see cref="EcgReadOptions"/> that gives it.</param>
    public void Add(string found, string expected, string option) => _missing.Add((found, expected, option));

    /// <summary>Throws if something is missing.</summary>
    /// <exception cref="EcgFormatException">Names all that is missing, and the options that give it.</exception>
    public void ThrowIfAny()
    {
        if (_missing.Count > 0)
            throw new EcgFormatException(file, null, string.Join(" and ", _missing.Select(m => m.Found)),
                string.Join("; and ", _missing.Select(m => m.Expected)))
            {
                MissingOptions = [.. _missing.Select(m => m.Option).Distinct()],
            };
    }
}
