using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Models;
using SignalCam.Core.Plugins;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk;

/// <summary>
/// Holds the options to their annotations and to what there is: files, plug-ins, devices. Building the plug-in lists here finds doubled
/// names when the host starts.
/// </summary>
/// <param name="services">The host's services.</param>
/// <param name="hasOwnNetworks">Whether the host has architectures, heads or explainers of its own.</param>
internal sealed class SignalCamOptionsValidator(IServiceProvider services, bool hasOwnNetworks) : IValidateOptions<SignalCamOptions>
{
    public ValidateOptionsResult Validate(string? name, SignalCamOptions options)
    {
        services.GetRequiredService<ManagedComponents>();
        // The built-in plug-ins alone have no doubled names, and TorchSharp need not be loaded to look for them.
        if (hasOwnNetworks)
            services.GetRequiredService<SignalCamComponents>();
        var problems = new List<string>(PluginOptions.FindProblems(options).Select(p => $"{SignalCamOptions.SectionName}: {p}"));
        if (problems.Count == 0 && DeviceProblem(options.Device, options.AllowDeviceFallback) is { } missing)
            problems.Add($"{SignalCamOptions.SectionName}: {missing}");
        foreach (var (model, settings) in options.Models)
            problems.AddRange(ProblemsOf(settings, options).Select(p => $"{SignalCamOptions.SectionName}:Models:{model}: {p}"));
        if (options.DefaultModel is { } wanted && !options.ModelsInUse.ContainsKey(wanted))
            problems.Add($"{SignalCamOptions.SectionName}: DefaultModel is {wanted}: allowed are the models there are: "
                + $"{string.Join(", ", options.ModelsInUse.Keys)}.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> ProblemsOf(ModelOptions model, SignalCamOptions host)
    {
        var problems = PluginOptions.FindProblems(model);
        foreach (var problem in problems)
            yield return problem;
        if (problems.Count > 0)
            yield break;
        var missing = SourceProblems(model).ToArray();
        foreach (var problem in missing)
            yield return problem;
        if (model.Device is { } device && DeviceProblem(device, host.AllowDeviceFallback) is { } noDevice)
            yield return noDevice;
        if (model.Backend == ScoringBackend.Compiled && SignalCamOptions.IsCuda(model.Device ?? host.Device))
            yield return $"Backend is Compiled and Device is {model.Device ?? host.Device}: the compiled backend runs on the CPU.";
        foreach (var problem in CheckProblems(model))
            yield return problem;
        if (ExplainerProblem(model, hasSource: missing.Length == 0) is { } wrong)
            yield return $"Explainer is {model.Explainer}: {wrong}";
    }

    private static IEnumerable<string> SourceProblems(ModelOptions model)
    {
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
                yield return $"Pretrained is {model.Pretrained}: "
                    + $"allowed are {string.Join(", ", PretrainedModels.All.Select(m => m.Name))}.";
            if (model.ReloadOnChange)
                yield return "ReloadOnChange is True: allowed for a model with a Path; pretrained weights cannot change.";
        }
    }

    private IEnumerable<string> CheckProblems(ModelOptions model)
    {
        foreach (var check in model.Checks)
        {
            string? problem = null;
            try
            {
                services.GetRequiredService<ManagedComponents>().Checks.Create(check);
            }
            catch (PluginException e)
            {
                problem = $"Checks has {check}: {e.Message}";
            }
            if (problem is not null)
                yield return problem;
        }
    }

    /// <summary>Whether the explainer is there and takes its options, and whether the model has the classes that they name.</summary>
    private string? ExplainerProblem(ModelOptions model, bool hasSource)
    {
        // Class activation maps need no network, and so nothing of TorchSharp's may be loaded for them.
        var isCam = model.Explainer.Name.Equals(CamExplainerOptions.ExplainerName, StringComparison.OrdinalIgnoreCase);
        if (!isCam && UnknownExplainer(model.Explainer.Name) is { } unknown)
            return unknown;
        try
        {
            var classes = isCam
                ? PluginOptions.Read<CamExplainerOptions>("explainer", CamExplainerOptions.ExplainerName, model.Explainer.Options).Choice
                : ClassesOf(model.Explainer);
            if (classes.Names.Count > 0 && hasSource)
                classes.Resolve(model.Source.Read().Manifest.Classes);
            return null;
        }
        catch (SignalCamException e)
        {
            return e.Message;
        }
    }

    private string? UnknownExplainer(string name)
    {
        var explainers = services.GetRequiredService<SignalCamComponents>().Explainers;
        return explainers.Contains(name) ? null : $"allowed are {string.Join(", ", explainers.Names)}.";
    }

    private ClassChoice ClassesOf(ComponentSpec explainer) =>
        services.GetRequiredService<SignalCamComponents>().Explainers.Create(explainer).Classes;

    /// <summary>A CUDA device that has to be there is looked for, which loads libtorch; any other is not.</summary>
    private static string? DeviceProblem(string device, bool allowFallback)
    {
        return SignalCamOptions.IsCuda(device) && !allowFallback ? CudaProblem(device) : null;
    }

    // By itself, because compiling a method that calls TorchSharp loads TorchSharp.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? CudaProblem(string device)
    {
        if (TorchRuntime.Probe().Problem is { } problem)
            return $"Device is {device}: {problem}";
        try
        {
            TorchDevice.Select(device);
            return null;
        }
        catch (DeviceException e)
        {
            return $"Device is {device}: {e.Message}";
        }
    }

    private static string Shown(string? text) => string.IsNullOrWhiteSpace(text) ? "not set" : text;
}
