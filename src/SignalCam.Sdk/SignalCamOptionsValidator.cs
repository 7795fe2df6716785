using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Torch;

namespace SignalCam.Sdk;

/// <summary>Holds the options to their annotations and to what there is: files, plug-ins. Building the plug-in list here finds doubled names when the host starts.</summary>
internal sealed class SignalCamOptionsValidator(SignalCamComponents components) : IValidateOptions<SignalCamOptions>
{
    public ValidateOptionsResult Validate(string? name, SignalCamOptions options)
    {
        var problems = new List<string>(PluginOptions.FindProblems(options).Select(p => $"{SignalCamOptions.SectionName}: {p}"));
        foreach (var (model, settings) in options.Models)
            problems.AddRange(ProblemsOf(settings).Select(p => $"{SignalCamOptions.SectionName}:Models:{model}: {p}"));
        if (options.DefaultModel is { } wanted && !options.Models.ContainsKey(wanted))
            problems.Add($"{SignalCamOptions.SectionName}: DefaultModel is {wanted}: allowed are the models there are: {string.Join(", ", options.Models.Keys)}.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> ProblemsOf(ModelOptions model)
    {
        var problems = PluginOptions.FindProblems(model);
        foreach (var problem in problems)
            yield return problem;
        if (problems.Count > 0)
            yield break;
        if (!File.Exists(model.Path))
            yield return $"Path is {model.Path}: there is no such file.";
        if (!components.Explainers.Contains(model.Explainer.Name))
            yield return $"Explainer is {model.Explainer.Name}: allowed are {string.Join(", ", components.Explainers.Names)}.";
    }
}
