using SignalCam.Core.PtbXl;

namespace SignalCam.Core.Folders;

/// <summary>Built-in tables.</summary>
internal static class EmbeddedTable
{
    private static readonly Lazy<PtbXlStatementTable> s_statements = new(ReadStatements);

    /// <summary>
    /// The 71 statements of PTB-XL (scp_statements.csv of version 1.0.3, CC BY 4.0, doi 10.1038/s41597-020-0495-6), and the classes MI,
    /// STTC,
    /// CD and HYP as statements without a kind, for codes that are wider than any statement.
    /// </summary>
    public static PtbXlStatementTable Statements => s_statements.Value;

    public static byte[] Read(string name)
    {
        using var stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream($"SignalCam.Core.Folders.{name}")
            ?? throw new InvalidOperationException($"no table {name} is embedded");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static PtbXlStatementTable ReadStatements()
    {
        var table = TableText.Parse("ptb-xl-statements.csv", Read("ptb-xl-statements.csv"));
        var (code, description, kinds, itsClass, subclass) = (
            table.Require("code"), table.Require("description"), table.Require("kinds"), table.Require("class"), table.Require("subclass"));
        var wider = PtbXlStatementTable.Superclasses.Where(name => name != "NORM")
            .Select(name => new PtbXlStatement(name, $"any statement of class {name}", false, false, false, name, null));
        return new PtbXlStatementTable([
            .. table.Rows.Select(row => new PtbXlStatement(
                row.Fields[code], row.Fields[description], row.Fields[kinds].Contains('d', StringComparison.Ordinal),
                row.Fields[kinds].Contains('f', StringComparison.Ordinal), row.Fields[kinds].Contains('r', StringComparison.Ordinal),
                Text(row.Fields[itsClass]), Text(row.Fields[subclass]))),
            .. wider]);

        static string? Text(string field) => field.Length > 0 ? field : null;
    }
}
