using System.ComponentModel.DataAnnotations;

namespace SignalCam.Torch.Heads;

/// <summary>Options of the built-in heads.</summary>
public sealed class HeadOptions : IValidatableObject
{
    /// <summary>
    /// One weight per class, above 0: how much more a recording that carries the class counts in the loss (softmax: the weight of the class
    /// in the cross entropy; sigmoid: the weight of the positives). Default null: all count alike.
    /// </summary>
    public float[]? ClassWeights { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ClassWeights is { } weights && (weights.Length == 0 || weights.Any(w => !(w > 0) || float.IsInfinity(w))))
            yield return new ValidationResult(
                $"{nameof(ClassWeights)}: found [{string.Join(", ", weights)}], expected finite numbers above 0", [nameof(ClassWeights)]);
    }
}
