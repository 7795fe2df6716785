using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace SignalCam.Core.Datasets;

/// <summary>Holds options that are no plug-in's to their DataAnnotations.</summary>
internal static class CheckedOptions
{
    /// <summary>Returns what is allowed.</summary>
    /// <exception cref="ValidationException">A value is not allowed.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The validator looks at public properties, which the annotation keeps.")]
    public static T Require<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(T options)
        where T : class
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return options;
    }
}
