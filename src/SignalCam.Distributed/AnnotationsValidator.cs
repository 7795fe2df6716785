using Microsoft.Extensions.Options;
using SignalCam.Abstractions;

namespace SignalCam.Distributed;

/// <summary>Validates options against their DataAnnotations; the message names the section, the option, its value and what is
/// allowed.</summary>
internal sealed class AnnotationsValidator<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var problems = PluginOptions.FindProblems(options);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems.Select(p => $"{section}: {p}"));
    }
}
