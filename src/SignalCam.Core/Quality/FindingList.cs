using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Gathers findings; costs nothing until there is one.</summary>
internal struct FindingList
{
    private List<EcgFinding>? _findings;

    /// <summary>What was found; empty when all is well.</summary>
    public readonly IReadOnlyList<EcgFinding> All => _findings ?? (IReadOnlyList<EcgFinding>)[];

    public void Add(
        string code, FindingSeverity severity, string sentence, IReadOnlyList<string>? leads = null, double? value = null,
        EcgStretch? stretch = null) =>
        (_findings ??= []).Add(new EcgFinding(code, severity, sentence) { Leads = leads ?? [], Value = value, Stretch = stretch });
}

/// <summary>Leads that something is found in.</summary>
internal struct LeadList(IReadOnlyList<string> names)
{
    private List<string>? _leads;

    public readonly int Count => _leads?.Count ?? 0;

    public readonly IReadOnlyList<string> Names => _leads ?? (IReadOnlyList<string>)[];

    public void Add(int lead) => (_leads ??= []).Add(names[lead]);

    /// <summary>"Lead V1", "Leads V1, V2 and V3", "All leads": the beginning of a sentence.</summary>
    public readonly string Subject() =>
        Count == 0 ? "No lead" : Count == names.Count && Count > 1 ? "All leads" : $"{(Count == 1 ? "Lead" : "Leads")} {Joined()}";

    /// <summary>"lead V1", "leads V1, V2 and V3", "all leads": within a sentence.</summary>
    public readonly string Object()
    {
        var subject = Subject();
        return char.ToLowerInvariant(subject[0]) + subject[1..];
    }

    /// <summary>The form of a verb: the first for one lead.</summary>
    public readonly string Verb(string one, string several) => Count == 1 ? one : several;

    private readonly string Joined() => Count == 1 ? _leads![0] : $"{string.Join(", ", _leads!.Take(Count - 1))} and {_leads![^1]}";
}

/// <summary>Numbers in sentences.</summary>
internal static class Told
{
    public static string Number(double value) => value.ToString(Math.Abs(value) >= 10 ? "0" : "0.##", CultureInfo.InvariantCulture);

    public static string Millivolt(double value) => $"{Number(value)} mV";

    public static string Seconds(double value) => $"{value.ToString("0.#", CultureInfo.InvariantCulture)} s";
}
