using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Core.Calibration;
using SignalCam.Core.Metrics;
using SignalCam.Sdk.Evaluation;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`calibrate`: fits calibration and thresholds on validation recordings and writes them into a model file.</summary>
internal static class CalibrateCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (dataset, model, device, skipBad, json) =
            (new DatasetOptions(services), CommonOptions.ModelFile(), CommonOptions.Device(), CommonOptions.SkipBad(),
                CommonOptions.Json());
        var folds = new Option<string>("--folds")
        {
            Description = "Folds to fit on: neither test folds nor those that the model learned from",
            DefaultValueFactory = _ => "9",
        };
        var path = new Option<string>("--out")
        {
            Description = "The model file to write; may be the same",
            HelpName = "FILE",
            Required = true,
        };
        var method = new Option<CalibrationMethod>("--method")
        {
            Description = "platt: scale and intercept per class; isotonic: a rising curve per class; keep: what the file has, "
                + "thresholds only",
            DefaultValueFactory = _ => CalibrationMethod.Platt,
        };
        var threshold = new Option<string?>("--threshold")
        {
            Description = "youden, f1 (or another beta: f2), sensitivity=0.95, specificity=0.9 or accuracy [0.5 each]",
            HelpName = "RULE",
        };
        var (backend, length) = (BackendOption.Create(), new LengthPolicyOption("the model's"));
        var command = new Command("calibrate",
            "Fits calibration and thresholds on a validation fold and stores them in the model file") { model, path, folds, method,
            threshold, device, backend, skipBad, json };
        dataset.AddTo(command);
        length.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new CalibrationRequest
            {
                ModelPath = parsed.GetRequiredValue(model),
                OutputPath = parsed.GetRequiredValue(path),
                Dataset = dataset.Of(parsed),
                Length = length.Of(parsed),
                Folds = DatasetAccess.Folds(folds.Name, parsed.GetRequiredValue(folds)),
                Method = parsed.GetValue(method),
                Threshold = parsed.GetValue(threshold) is { } text ? Rule(threshold.Name, text) : null,
                Backend = parsed.GetValue(backend),
                Device = parsed.GetRequiredValue(device),
                Reading = DatasetAccess.Reading(parsed.GetValue(skipBad)),
            };
            CommandOutput.Prepare(request.OutputPath, parsed.GetValue(json));
            var terminal = output.Terminal(parsed.GetValue(json));
            var outcome = await Terminal.Progress(terminal, "scoring",
                bar => services.GetRequiredService<ICalibrationService>().CalibrateAsync(
                    request, new DirectProgress<EvaluationProgress>(p => bar.Show(p.Done, p.Total)), cancellationToken));
            Print(terminal, outcome);
            output.Write(parsed.GetValue(json), new
            {
                model = outcome.OutputPath,
                recordings = outcome.Recordings.Used,
                calibration = outcome.Manifest.Calibration,
                thresholds = outcome.Manifest.Thresholds,
                outcome.Uncalibrated,
                outcome.WithoutThreshold,
                before = outcome.Before.ToJson(),
                after = outcome.After.ToJson(),
            });
            return SignalCamTool.Ok;
        });
        return command;
    }

    private static ThresholdRule Rule(string option, string text)
    {
        try
        {
            return ThresholdRule.Parse(text);
        }
        catch (CalibrationException e)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }

    private static void Print(IAnsiConsole terminal, CalibrationOutcome outcome)
    {
        terminal.Line($"{outcome.OutputPath}: fitted on {Format.Count(outcome.Recordings.Used)} ",
            $"recordings{Terminal.Skipped(outcome.Recordings.Skipped)}; measure it on others");
        var manifest = outcome.Manifest;
        var table = new Table().AddColumns(
            "class", "positives", "calibration", "threshold", "error before", "after", "log loss before", "after");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        foreach (var (index, name) in manifest.Classes.Index())
        {
            var (before, after) = (outcome.Before.ByClass[name], outcome.After.ByClass[name]);
            var calibration = manifest.Calibration?[index] switch
            {
                null => "none",
                { Isotonic: { } curve } => $"{curve.Logits.Count} points",
                var fitted => $"x {Format.Number(fitted.Scale, 3)} {(fitted.Intercept < 0 ? "-" : "+")} "
                    + $"{Format.Number(Math.Abs(fitted.Intercept), 3)}",
            };
            table.Row(
                name, Format.Count(after.Positives), calibration, Format.Number(after.Threshold),
                Format.Number(before.Figures[FigureNames.Ece].Value), Format.Number(after.Figures[FigureNames.Ece].Value),
                Format.Number(before.Figures[FigureNames.LogLoss].Value), Format.Number(after.Figures[FigureNames.LogLoss].Value));
        }
        terminal.Write(table);
        if (outcome.Uncalibrated.Count > 0)
            terminal.Line($"[yellow]left as they are, too little to fit on: {string.Join(", ", outcome.Uncalibrated)}[/]");
        if (outcome.WithoutThreshold.Count > 0)
            terminal.Line($"[yellow]threshold stays at 0.5, too little to fit on: {string.Join(", ", outcome.WithoutThreshold)}[/]");
    }
}
