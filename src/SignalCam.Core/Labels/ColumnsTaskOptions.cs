using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Labels;

/// <summary>Options of the task "columns": classes from the codes of a dataset, such as the columns of a label table.</summary>
public sealed class ColumnsTaskOptions : IValidatableObject
{
    /// <summary>The task's name: "columns".</summary>
    public const string TaskName = "columns";

    /// <summary>
    /// The codes that become classes, in this order. Default null: every code of the dataset, in the order of the table's columns,
    /// otherwise in ordinal order; the model file states them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Classes { get; set; }

    /// <summary>
    /// The code that is the positive class of a binary task; every recording without it is negative. Default null: a single class is binary
    /// (<see cref="TaskKind.Binary"/>), several are not.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Positive { get; set; }

    /// <summary>
    /// Whether exactly one class applies to a recording (<see cref="TaskKind.Multiclass"/>). Default false: any number does
    /// (<see cref="TaskKind.Multilabel"/>).
    /// </summary>
    public bool Exclusive { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Positive is not null && (Exclusive || Classes is { Count: > 0 }))
            yield return new ValidationResult("a binary task has neither other classes nor exclusive ones", [nameof(Positive)]);
        if (Classes is not null && (Classes.Any(string.IsNullOrWhiteSpace)
            || Classes.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Classes.Count))
            yield return new ValidationResult("expected distinct names", [nameof(Classes)]);
    }
}
