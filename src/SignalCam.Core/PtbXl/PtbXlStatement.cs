namespace SignalCam.Core.PtbXl;

/// <summary>A row of `scp_statements.csv`: the meaning of a code and its label sets.</summary>
/// <param name="Code">The SCP-ECG code, such as "IMI".</param>
/// <param name="Description">What it means, such as "inferior myocardial infarction".</param>
/// <param name="IsDiagnostic">Whether it is one of the 44 diagnostic statements.</param>
/// <param name="IsForm">Whether it is one of the 19 statements about form.</param>
/// <param name="IsRhythm">Whether it is one of the 12 statements about rhythm.</param>
/// <param name="DiagnosticClass">One of <see cref="PtbXlStatementTable.Superclasses"/>; null unless it is diagnostic. A statement of no
/// kind
/// that has a class stands for any statement of that class: other vocabularies have such codes, PTB-XL has none.</param>
/// <param name="DiagnosticSubclass">One of the 23 subclasses; null unless it is diagnostic.</param>
public sealed record PtbXlStatement(
    string Code,
    string Description,
    bool IsDiagnostic,
    bool IsForm,
    bool IsRhythm,
    string? DiagnosticClass,
    string? DiagnosticSubclass);
