using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>Holds a plug-in's options to their DataAnnotations, so that a wrong value in a model file is named before anything runs.</summary>
internal static class PluginCheck
{
    /// <summary>Returns the options, or the defaults for null.</summary>
    /// <exception cref="PluginException">A value is not allowed; the message names the option, its value and what is allowed.</exception>
    public static TOptions Options<TOptions>(string kind, string name, TOptions? options)
        where TOptions : class, new()
    {
        options ??= new TOptions();
        var problems = new List<ValidationResult>();
        if (Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
            return options;
        var told = problems.Select(p => $"{string.Join(", ", p.MemberNames.Select(m => Told(options, m)))}: {p.ErrorMessage}");
        throw new PluginException($"the options of {kind} '{name}' do not fit: {string.Join(" ", told)}");
    }

    private static string Told(object options, string member) =>
        FormattableString.Invariant($"{member} is {options.GetType().GetProperty(member)?.GetValue(options) ?? "null"}");
}
