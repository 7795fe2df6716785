using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Preprocessing;

/// <summary>
/// A step that changes leads or rate. A model takes recordings as these steps leave them, and whatever it is given is brought to that
/// before its preprocessing; the step then finds nothing to do. So it must come before all steps that change samples.
/// </summary>
internal interface ILayoutTransform : ISignalTransform
{
    /// <summary>Whether recordings of this layout stay unchanged.</summary>
    bool Keeps(SignalLayout layout);
}

/// <summary>Options of the transform "resample".</summary>
public sealed class ResampleOptions
{
    /// <summary>Samples per second of the result, 1 to 100,000. Default 100.</summary>
    [Range(1.0, 1e5)]
    public double SamplingRate { get; set; } = 100;
}

/// <summary>"resample": brings recordings to another sampling rate, as <see cref="Resampler"/> does it.</summary>
internal sealed class Resample(ResampleOptions options) : ILayoutTransform
{
    public string Name => "resample";

    public bool Keeps(SignalLayout layout) => layout.SamplingRate == options.SamplingRate;

    /// <exception cref="PreprocessingException">The rates are more than 1000 times apart.</exception>
    public EcgSignal Apply(EcgSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        try
        {
            return Resampler.Resample(signal, options.SamplingRate);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new PreprocessingException($"transform 'resample': {e.Message}");
        }
    }
}

/// <summary>Options of the transform "select-leads".</summary>
public sealed class SelectLeadsOptions : IValidatableObject
{
    /// <summary>Names of the leads of the result, in order, at least one, none twice. Default the twelve standard leads.</summary>
    [Required]
    public IReadOnlyList<string> Leads { get; set; } = SignalLayout.StandardLeads;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Leads.Count == 0 || Leads.Any(string.IsNullOrWhiteSpace))
            yield return new ValidationResult("it must have at least one name, and no empty one.", [nameof(Leads)]);
        else if (Leads.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Leads.Count)
            yield return new ValidationResult("none may be there twice.", [nameof(Leads)]);
    }
}

/// <summary>
/// "select-leads": keeps some leads, in the requested order; a missing limb lead is derived from two others (<see cref="LeadMap"/>).
/// </summary>
internal sealed class SelectLeads(SelectLeadsOptions options) : ILayoutTransform
{
    public string Name => "select-leads";

    public bool Keeps(SignalLayout layout)
    {
        if (layout.LeadCount != options.Leads.Count)
            return false;
        for (var i = 0; i < layout.LeadCount; i++)
            if (!layout.Leads[i].Equals(options.Leads[i], StringComparison.OrdinalIgnoreCase))
                return false;
        return true;
    }

    /// <exception cref="SignalMismatchException">A lead is missing and cannot be derived.</exception>
    public EcgSignal Apply(EcgSignal signal) => LeadMap.Select(signal, options.Leads);
}
