using System.Collections;
using System.Diagnostics.CodeAnalysis;
using SignalCam.Abstractions;

namespace SignalCam.Core.PtbXl;

/// <summary>The statements of PTB-XL, as `scp_statements.csv` lists them, by code.</summary>
/// <remarks>Immutable; safe for concurrent readers.</remarks>
public sealed class PtbXlStatementTable : IReadOnlyList<PtbXlStatement>
{
    private readonly PtbXlStatement[] _statements;
    private readonly Dictionary<string, PtbXlStatement> _byCode = new(StringComparer.Ordinal);

    /// <summary>Creates a table.</summary>
    /// <param name="statements">
    /// The statements, with distinct codes, each diagnostic one with a class of <see cref="Superclasses"/> and a subclass.
    /// </param>
    /// <exception cref="ArgumentException">A code occurs twice, or a diagnostic statement lacks a known class or a subclass.</exception>
    public PtbXlStatementTable(IEnumerable<PtbXlStatement> statements)
    {
        _statements = [.. statements];
        foreach (var statement in _statements)
        {
            if (!_byCode.TryAdd(statement.Code, statement))
                throw new ArgumentException($"statement '{statement.Code}' occurs twice", nameof(statements));
            if (statement.IsDiagnostic && (statement.DiagnosticClass is null || !Superclasses.Contains(statement.DiagnosticClass)))
                throw new ArgumentException(
                    $"statement '{statement.Code}' is diagnostic, but of class '{statement.DiagnosticClass}'; available: "
                    + $"{string.Join(", ", Superclasses)}", nameof(statements));
            if (statement is { IsDiagnostic: false, DiagnosticClass: { } wider } && !Superclasses.Contains(wider))
                throw new ArgumentException(
                    $"statement '{statement.Code}' is of class '{wider}'; available: {string.Join(", ", Superclasses)}",
                    nameof(statements));
            if (statement.IsDiagnostic && statement.DiagnosticSubclass is null)
                throw new ArgumentException($"statement '{statement.Code}' is diagnostic, but has no subclass", nameof(statements));
        }
    }

    /// <summary>The five diagnostic classes, in the order in which they are shown everywhere: NORM, MI, STTC, CD, HYP.</summary>
    public static IReadOnlyList<string> Superclasses { get; } = Array.AsReadOnly(["NORM", "MI", "STTC", "CD", "HYP"]);

    /// <summary>Number of statements (PTB-XL: 71).</summary>
    public int Count => _statements.Length;

    /// <summary>A statement by its row.</summary>
    public PtbXlStatement this[int index] => _statements[index];

    /// <summary>Reads `scp_statements.csv`.</summary>
    /// <exception cref="EcgFormatException">The file is missing or malformed; the message states where.</exception>
    public static PtbXlStatementTable Read(string file)
    {
        using var table = new CsvTable(
            file, ["", "description", "diagnostic", "form", "rhythm", "diagnostic_class", "diagnostic_subclass"]);
        var statements = new List<PtbXlStatement>();
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        while (table.Read())
        {
            var code = table.Required(0);
            if (!lines.TryAdd(code, table.Line))
                throw table.Error(0, $"'{code}' a second time (first in line {lines[code]})", "each code once");
            var diagnostic = Flag(table, 2);
            var superclass = diagnostic ? table.Required(5) : null;
            if (superclass is not null && !Superclasses.Contains(superclass))
                throw table.Error(5, $"'{superclass}'", $"one of {string.Join(", ", Superclasses)}");
            statements.Add(new PtbXlStatement(code, table.Optional(1) ?? "", diagnostic, Flag(table, 3), Flag(table, 4), superclass,
                diagnostic ? table.Required(6) : null));
        }
        return statements.Count > 0
            ? new PtbXlStatementTable(statements)
            : throw new EcgFormatException(file, null, "no statement", "one row for each statement");
    }

    /// <summary>Finds a statement by its code.</summary>
    public bool TryGet(string code, [MaybeNullWhen(false)] out PtbXlStatement statement) => _byCode.TryGetValue(code, out statement);

    /// <summary>
    /// The diagnostic classes of statements, each once, in the order of <see cref="Superclasses"/>; codes that are not in the
    /// table count for nothing.
    /// </summary>
    public IReadOnlyList<string> SuperclassesOf(IEnumerable<Statement> statements)
    {
        ArgumentNullException.ThrowIfNull(statements);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var listed in statements)
            if (TryGet(listed.Code, out var statement) && statement.DiagnosticClass is { } superclass)
                found.Add(superclass);
        return [.. Superclasses.Where(found.Contains)];
    }

    /// <inheritdoc/>
    public IEnumerator<PtbXlStatement> GetEnumerator() => ((IEnumerable<PtbXlStatement>)_statements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _statements.GetEnumerator();

    private static bool Flag(CsvTable table, int column) => table.OptionalNumber(column) switch
    {
        null or 0 => false,
        1 => true,
        _ => throw table.Error(column, $"'{table.Optional(column)}'", "1 or blank"),
    };
}
