using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Sdk.Pretrained;
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
        if (options.DefaultModel is { } wanted && !options.ModelsInUse.ContainsKey(wanted))
            problems.Add($"{SignalCamOptions.SectionName}: DefaultModel is {wanted}: allowed are the models there are: {string.Join(", ", options.ModelsInUse.Keys)}.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> ProblemsOf(ModelOptions model)
    {
        var problems = PluginOptions.FindProblems(model);
        foreach (var problem in problems)
            yield return problem;
        if (problems.Count > 0)
            yield break;
        if (string.IsNullOrWhiteSpace(model.Path) == string.IsNullOrWhiteSpace(model.Pretrained))
            yield return $"Path is {Shown(model.Path)} and Pretrained is {Shown(model.Pretrained)}: exactly one of them must be set.";
        else if (!string.IsNullOrWhiteSpace(model.Path))
        {
            if (!File.Exists(model.Path))
                yield return $"Path is {model.Path}: there is no such file.";
        }
        else
        {
            if (!PretrainedModels.Contains(model.Pretrained!))
                yield return $"Pretrained is {model.Pretrained}: allowed are {string.Join(", ", PretrainedModels.All.Select(m => m.Name))}.";
            if (model.ReloadOnChange)
                yield return "ReloadOnChange is True: allowed for a model with a Path; pretrained weights cannot change.";
        }
        if (!components.Explainers.Contains(model.Explainer.Name))
            yield return $"Explainer is {model.Explainer.Name}: allowed are {string.Join(", ", components.Explainers.Names)}.";
    }

    private static string Shown(string? text) => string.IsNullOrWhiteSpace(text) ? "not set" : text;
}
