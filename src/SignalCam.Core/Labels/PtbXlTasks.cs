using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;

namespace SignalCam.Core.Labels;

/// <summary>The seven tasks that PTB-XL is used for, by name.</summary>
public static class PtbXlTasks
{
    /// <summary>Normal against abnormal, the paper's task: binary, one class, "abnormal".</summary>
    public const string NormalAbnormal = "normal-abnormal";

    /// <summary>The five diagnostic classes, in the order NORM, MI, STTC, CD, HYP.</summary>
    public const string Super = "super";

    /// <summary>The 23 diagnostic subclasses.</summary>
    public const string Sub = "sub";

    /// <summary>The 44 diagnostic statements.</summary>
    public const string Diag = "diag";

    /// <summary>The 19 statements about form.</summary>
    public const string Form = "form";

    /// <summary>The 12 statements about rhythm.</summary>
    public const string Rhythm = "rhythm";

    /// <summary>All 71 statements.</summary>
    public const string All = "all";

    /// <summary>
    /// Several tasks at once (<see cref="JointTaskOptions"/>): made by the plug-in of this name, not by <see cref="Create"/>.
    /// </summary>
    public const string Joint = "joint";

    /// <summary>The names of the seven that <see cref="Create"/> makes.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.AsReadOnly([NormalAbnormal, Super, Sub, Diag, Form, Rhythm, All]);

    /// <summary>
    /// The policy that published figures of a task stand on: <see cref="LabelPolicy.Paper"/> for <see cref="NormalAbnormal"/>,
    /// <see cref="LabelPolicy.Benchmark"/> for the others.
    /// </summary>
    public static LabelPolicy DefaultPolicy(string name) =>
        NormalAbnormal.Equals(name, StringComparison.OrdinalIgnoreCase) ? LabelPolicy.Paper : LabelPolicy.Benchmark;

    /// <summary>Makes a task.</summary>
    /// <param name="name">One of <see cref="Names"/> (case-insensitive).</param>
    /// <param name="statements">What the codes mean.</param>
    /// <param name="policy">How statements become targets; null for <see cref="DefaultPolicy"/>.</param>
    /// <returns>The task. Its classes are in ordinal order of their names, except those of <see cref="Super"/>.</returns>
    /// <exception cref="PluginException">There is no such task, or the statements have no class for it.</exception>
    public static IEcgTask Create(string name, PtbXlStatementTable statements, LabelPolicy? policy = null) =>
        CreateTask(name, statements, policy);

    /// <inheritdoc cref="Create"/>
    internal static StatementTask CreateTask(string name, PtbXlStatementTable statements, LabelPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(statements);
        policy ??= DefaultPolicy(name);
        return Names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) switch
        {
            NormalAbnormal => new NormalAbnormalTask(statements, policy),
            Super => new ClassesTask(Super, statements, policy, s => s.DiagnosticClass, PtbXlStatementTable.Superclasses),
            Sub => new ClassesTask(Sub, statements, policy, s => s.DiagnosticSubclass),
            Diag => new ClassesTask(Diag, statements, policy, s => s.IsDiagnostic ? s.Code : null),
            Form => new ClassesTask(Form, statements, policy, s => s.IsForm ? s.Code : null),
            Rhythm => new ClassesTask(Rhythm, statements, policy, s => s.IsRhythm ? s.Code : null),
            All => new ClassesTask(All, statements, policy, s => s.IsDiagnostic || s.IsForm || s.IsRhythm ? s.Code : null),
            _ => throw new PluginException($"no task is called '{name}'; there are: {string.Join(", ", Names)}"),
        };
    }
}
