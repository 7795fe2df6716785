namespace SignalCam.Core.Synthetic;

/// <summary>A row of the synthetic set's scp_statements.csv: the statements of PTB-XL that the set uses.</summary>
/// <param name="Code">PTB-XL's code.</param>
/// <param name="Description">What it means.</param>
/// <param name="Kind">"diagnostic", "form" or "rhythm"; "diagnostic form" for both.</param>
/// <param name="Class">Diagnostic class, or blank.</param>
/// <param name="Subclass">Diagnostic subclass, or blank.</param>
/// <param name="Category">The chapter of the SCP-ECG standard.</param>
internal sealed record SyntheticStatement(string Code, string Description, string Kind, string Class, string Subclass, string Category)
{
    private const string Rhythm = "Statements related to impulse formation (abnormalities)";
    private const string Form = "Statements related to ECG morphology";

    public static IReadOnlyList<SyntheticStatement> All { get; } =
    [
        new("NDT", "non-diagnostic T abnormalities", "diagnostic form", "STTC", "STTC", "other ST-T descriptive statements"),
        new("NORM", "normal ECG", "diagnostic", "NORM", "NORM", "Normal/abnormal"),
        new("IMI", "inferior myocardial infarction", "diagnostic", "MI", "IMI", "Myocardial Infarction"),
        new("ASMI", "anteroseptal myocardial infarction", "diagnostic", "MI", "AMI", "Myocardial Infarction"),
        new("LVH", "left ventricular hypertrophy", "diagnostic", "HYP", "LVH", "Ventricular Hypertrophy"),
        new("CRBBB", "complete right bundle branch block", "diagnostic", "CD", "CRBBB",
            "Intraventricular and intra-atrial Conduction disturbances"),
        new("CLBBB", "complete left bundle branch block", "diagnostic", "CD", "CLBBB",
            "Intraventricular and intra-atrial Conduction disturbances"),
        new("ISCAL", "ischemic in anterolateral leads", "diagnostic", "STTC", "ISCA",
            "Basic roots for coding ST-T changes and abnormalities"),
        new("LMI", "lateral myocardial infarction", "diagnostic", "MI", "LMI", "Myocardial Infarction"),
        new("RVH", "right ventricular hypertrophy", "diagnostic", "HYP", "RVH", "Ventricular Hypertrophy"),
        new("QWAVE", "Q waves present", "form", "", "", Form),
        new("STD_", "non-specific ST depression", "form", "", "", Form),
        new("NT_", "non-specific T-wave changes", "form", "", "", Form),
        new("HVOLT", "high QRS voltage", "form", "", "", Form),
        new("SR", "sinus rhythm", "rhythm", "", "", Rhythm),
        new("SBRAD", "sinus bradycardia", "rhythm", "", "", Rhythm),
        new("STACH", "sinus tachycardia", "rhythm", "", "", Rhythm),
    ];

    public static SyntheticStatement Of(string code) => All.First(s => s.Code == code);

    public bool Is(string kind) => Kind.Contains(kind, StringComparison.Ordinal);
}
