using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Sdk.Explanation;

namespace SignalCam.Cli.Commands;

/// <summary>`audit`: how far the maps of explainers can be believed.</summary>
internal static class AuditCommand
{
    private const string All = "all";

    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (dataset, model, device, skipBad, report, json) =
            (new DatasetOptions(services), new ModelOption(), CommonOptions.Device(), CommonOptions.SkipBad(), CommonOptions.Report(),
                CommonOptions.Json());
        var explainers = new Option<string>("--explainers")
        {
            Description = "all, names such as cam,saliency, or a JSON file of names with options: [{ \"name\": \"smoothgrad\", "
                + "\"options\": { \"copies\": 32 } }]",
            DefaultValueFactory = _ => All,
            HelpName = "NAMES",
        };
        var records = new Option<int>("--records")
        {
            Description = "Most recordings to measure, of those with a class that is called present",
            DefaultValueFactory = _ => 500,
            HelpName = "N",
        };
        records.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--records: expected a number above 0");
        });
        var folds = new Option<string?>("--folds") { Description = "Folds to take recordings from, such as 9 or 1-8 [all]" };
        var (backend, length) = (BackendOption.Create(), new LengthPolicyOption("the model's"));
        var command = new Command("audit",
            "How far explanations can be believed: faithfulness, localisation, completeness, randomisation, sensitivity")
        {
            model.Model, model.Task, explainers, records, folds, device, backend, skipBad, report, json,
        };
        dataset.AddTo(command);
        length.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var chosen = model.Of(parsed);
            var request = new AuditRequest
            {
                ModelPath = chosen.Path,
                Pretrained = chosen.Pretrained,
                Dataset = dataset.Of(parsed),
                Length = length.Of(parsed),
                Folds = parsed.GetValue(folds) is { } text ? DatasetAccess.Folds(folds.Name, text) : null,
                Records = parsed.GetValue(records),
                Explainers = ExplainersOf(explainers.Name, parsed.GetRequiredValue(explainers)),
                Backend = parsed.GetValue(backend),
                Device = parsed.GetRequiredValue(device),
                Reading = DatasetAccess.Reading(parsed.GetValue(skipBad)),
            };
            CommandOutput.Prepare(parsed.GetValue(json), parsed.GetValue(report));
            var terminal = output.Terminal(parsed.GetValue(json));
            var outcome = await Terminal.Progress(terminal, "measuring", bar =>
                services.GetRequiredService<IAuditService>()
                    .AuditAsync(request, new DirectProgress<double>(share => bar.Show(share, 1)), cancellationToken));
            AuditReport.Print(terminal, outcome);
            output.Write(parsed.GetValue(json), outcome.Result);
            if (parsed.GetValue(report) is { } path)
                CommandOutput.WriteFile(path, AuditReport.Document($"{chosen} on {dataset.NameOf(parsed)}", outcome));
            return SignalCamTool.Ok;
        });
        return command;
    }

    private static ComponentSpec[]? ExplainersOf(string option, string text)
    {
        if (text == All)
            return null;
        if (!text.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(name => new ComponentSpec(name))];
        return OptionFile.Read(option, text, "a list of explainers, each with a name",
            json => JsonSerializer.Deserialize<ComponentSpec[]>(json, PluginOptions.Json));
    }
}
