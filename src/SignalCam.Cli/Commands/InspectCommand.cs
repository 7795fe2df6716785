using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Plugins;
using SignalCam.Core.Quality;
using SignalCam.Formats;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`inspect`: what is in a file.</summary>
internal static class InspectCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var options = new RecordingOptions();
        var json = new Option<bool>("--json") { Description = "Write a JSON array with an entry per file to standard output" };
        var command = new Command("inspect",
            "Show the contents of recordings: format, leads, rate, length, start, units, findings") { json };
        options.AddTo(command, withPatient: true);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (reading, isJson) = (options.ReadingOf(parsed), parsed.GetValue(json));
            var inspector = new Inspector(
                services.GetRequiredService<EcgFileReader>(), services.GetRequiredService<ManagedComponents>().Checks, reading);
            var (entries, failed) = (new List<InspectedFile>(), false);
            var terminal = output.Terminal(isJson ? "-" : null);
            // Elsewhere --json takes a file, and - stands for standard output: `--json -` means the same here.
            foreach (var file in options.FilesOf(parsed, inspector.Reader, without: isJson ? "-" : null).Enumerate())
            {
                var entry = await inspector.InspectAsync(file, cancellationToken);
                failed |= entry.Error is not null;
                // The array is written whole; what is shown need not be kept.
                if (isJson)
                    entries.Add(entry);
                else
                    Show(terminal, entry);
            }
            if (isJson)
                output.Write("-", entries.Select(e => e.ToJson()).ToArray());
            return failed ? SignalCamTool.Failed : SignalCamTool.Ok;
        });
        return command;
    }

    /// <summary>Reads files and runs the host's checks on them.</summary>
    private sealed class Inspector(EcgFileReader reader, PluginRegistry<IRecordingCheck> checks, EcgReadOptions options)
    {
        private readonly IRecordingCheck[] _checks = BuiltInChecks.CreateAll(checks);

        public EcgFileReader Reader => reader;

        public async Task<InspectedFile> InspectAsync(string file, CancellationToken cancellationToken)
        {
            try
            {
                var recording = await reader.ReadAsync(file, options, cancellationToken);
                return new InspectedFile(
                    file, recording, [.. _checks.SelectMany(check => check.Check(recording))], options.IncludePatient);
            }
            catch (Exception e) when (e is SignalCamException or ArgumentException)
            {
                return new InspectedFile(file, OptionNames.Message(e));
            }
        }
    }

    private static void Show(IAnsiConsole terminal, InspectedFile entry)
    {
        if (entry.Recording is not { } recording)
        {
            terminal.Line($"{entry.File}: error: {entry.Error}");
            return;
        }
        var signal = recording.Signal;
        var (seconds, start) = (Format.Number(signal.Length / signal.SamplingRate), recording.Start is { } stated ? $", {stated}" : "");
        terminal.Line($"{entry.File}: {recording.Format}, {signal.Layout} ({seconds} s){start}");
        var table = new Table().AddColumns("lead", "unit in file", "minimum, mV", "maximum, mV", "missing");
        foreach (var lead in entry.Leads)
            table.Row(lead.Name, lead.Unit ?? "-", Number(lead.MinMv), Number(lead.MaxMv),
                lead.Missing == 0 ? "" : Format.Count(lead.Missing));
        terminal.Write(table);
        MeasurementOutput.Print(terminal, entry.Measurements!);
        foreach (var channel in recording.OtherChannels)
        {
            var length = $"{channel.Samples.Length} samples at {Format.Number(channel.SamplingRate)} Hz";
            terminal.Line($"  set aside: {channel.Name} [{channel.Unit ?? "no unit"}], {length}");
        }
        if (recording.MedianBeat is { } beat)
            terminal.Line($"  median beat: {beat.Layout}");
        if (recording.Annotations.Count > 0)
            terminal.Line($"  annotations: {recording.Annotations.Count}");
        if (entry.ShowsPatient)
            foreach (var (name, value) in recording.Metadata.Concat(recording.Patient))
                terminal.Line($"  {name}: {value}");
        else if (recording.Metadata.Count > 0)
            terminal.Line($"  says besides: {string.Join(", ", recording.Metadata.Keys)} (--patient shows the values)");
        foreach (var warning in recording.Warnings)
            terminal.Line($"  warning: {warning}");
        foreach (var finding in entry.Findings)
            terminal.Line($"  {finding.Severity.ToString().ToLowerInvariant()}: {finding.Sentence}");
    }

    private static string Number(float? value) => value is { } number ? Format.Number(number) : "-";
}
