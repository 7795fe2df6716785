using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Formats.Tables;

/// <summary>A signal of a table: its column or line, and how it is used.</summary>
/// <param name="Name">The lead, or the name as stated.</param>
/// <param name="Unit">The unit stated in the table; null if none is.</param>
/// <param name="IsLead">Whether it is a lead; any other signal keeps its unit.</param>
/// <param name="UnitsPerMillivolt">For a lead; 1 for any other signal.</param>
internal sealed record TableSignal(string Name, string? Unit, bool IsLead, double UnitsPerMillivolt);

/// <summary>
/// Decides which signals of a table are leads, how they are called, and in which unit they are. What the table does not say, the options
/// have to.
/// </summary>
internal static class TableSignals
{
    private const int MostNamed = 20;

    /// <param name="file">For messages.</param>
    /// <param name="columns">The signals by name and unit, of kind <see cref="ColumnKind.Signal"/>.</param>
    /// <param name="preamble">The lines above the table.</param>
    /// <param name="options">Properties stated by the caller.</param>
    /// <param name="missing">Receives names and units that nothing states.</param>
    /// <exception cref="EcgFormatException">There is no lead, or not as many as names.</exception>
    public static IReadOnlyList<TableSignal> Of(
        string file, IReadOnlyList<TableColumn> columns, TablePreamble preamble, EcgReadOptions options, MissingFacts missing)
    {
        var isLead = columns.Select(c => c.MayBeLead).ToArray();
        var stated = columns.Select(c => c.Name).ToArray();
        Name(file, stated, isLead, preamble, options, missing);
        if (!isLead.Contains(true))
            throw new EcgFormatException(file, null, $"no ECG lead among {columns.Count} columns ({Listed(stated)})",
                "the names of leads, such as II or V1 (uV)");
        var names = LeadNames.Normalize(stated);
        var fallback = options.Unit is { } unit ? VoltageUnits.ParseOption(unit) : (double?)null;
        var signals = new TableSignal[columns.Count];
        var isUnitMissing = false;
        for (var i = 0; i < signals.Length; i++)
        {
            var statedUnit = columns[i].Unit ?? (isLead[i] ? preamble.Unit : null);
            var millivolt = !isLead[i] ? 1 : VoltageUnits.TryGetMillivolt(statedUnit, out var known) ? known : fallback ?? 0;
            if (millivolt == 0 && !isUnitMissing)
                missing.Add(statedUnit is null ? $"no unit of {names[i]}" : $"unit '{statedUnit}' of {names[i]}",
                    "mV, uV, nV or V in its name, as in 'II (mV)', in a line under the names, or by EcgReadOptions.Unit",
                    nameof(EcgReadOptions.Unit));
            isUnitMissing |= millivolt == 0;
            signals[i] = new TableSignal(names[i], statedUnit, isLead[i], 1 / millivolt);
        }
        return signals;
    }

    /// <summary>Names the leads that the table does not name: by the lines above it, or by the option.</summary>
    private static void Name(string file, string[] stated, bool[] isLead, TablePreamble preamble, EcgReadOptions options,
        MissingFacts missing)
    {
        if (stated.Where((_, i) => isLead[i]).Any(name => LeadNames.Recognize(name) is not null))
            return;
        var given = options.Leads ?? preamble.Leads;
        var leads = Enumerable.Range(0, stated.Length).Where(i => isLead[i]).ToArray();
        if (leads.Length == 0)
            return;
        if (given is null)
        {
            if (leads.All(i => stated[i].Length == 0 || int.TryParse(stated[i], out _)))
                missing.Add($"{leads.Length} columns without the names of leads", "names above the columns, or EcgReadOptions.Leads",
                    nameof(EcgReadOptions.Leads));
            return;
        }
        if (given.Count != leads.Length)
            throw new EcgFormatException(file, null, $"{leads.Length} columns ({Listed([.. leads.Select(i => stated[i])])})",
                $"{given.Count}, as {(options.Leads is null ? "the lines above the table say" : "EcgReadOptions.Leads names")}");
        for (var i = 0; i < leads.Length; i++)
            stated[leads[i]] = given[i];
    }

    private static string Listed(string[] names) => string.Join(", ", names.Take(MostNamed).Select(n => n.Length == 0 ? "(unnamed)" : n))
        + (names.Length > MostNamed ? ", ..." : "");

    /// <summary>Leads and other signals of a table that is read.</summary>
    /// <param name="signals">In the order of the samples.</param>
    /// <param name="samples">Of each signal.</param>
    /// <param name="rate">Samples per second.</param>
    public static (EcgSignal Signal, IReadOnlyList<string?> Units,
        IReadOnlyList<EcgChannel> Others) Join(IReadOnlyList<TableSignal> signals, IReadOnlyList<float[]> samples, double rate)
    {
        var leads = Enumerable.Range(0, signals.Count).Where(i => signals[i].IsLead).ToArray();
        var length = samples[leads[0]].Length;
        var values = new float[leads.Length * length];
        for (var i = 0; i < leads.Length; i++)
            samples[leads[i]].CopyTo(values, i * length);
        return (
            new EcgSignal(values, new SignalLayout([.. leads.Select(i => signals[i].Name)], length, rate)),
            [.. leads.Select(i => signals[i].Unit)],
            [.. Enumerable.Range(0, signals.Count).Where(i => !signals[i].IsLead)
                .Select(i => new EcgChannel(signals[i].Name, signals[i].Unit, rate, samples[i]))]);
    }
}
