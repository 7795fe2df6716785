using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Formats;
using SignalCam.Formats.Edf;
using SignalCam.Formats.Tables;

namespace SignalCam.Cli.Commands;

/// <summary>`convert`: writes recordings in another format, with the same samples to the bit or not at all.</summary>
internal static class ConvertCommand
{
    private const string Wfdb = "wfdb";
    private const string Csv = "csv";
    private const string Edf = "edf";

    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var options = new RecordingOptions();
        var folder = new Option<string>("--out") { Description = "Folder to write to", HelpName = "DIR", Required = true };
        var format = new Option<string>("--format")
        {
            Description = "Output format: wfdb, csv or edf",
            HelpName = "FORMAT",
            Required = true,
        };
        format.AcceptOnlyFromAmong(Wfdb, Csv, Edf);
        var round = new Option<bool>("--round")
        {
            Description = "For wfdb: round to the nearest of 2^32 values if no scale is lossless, instead of refusing",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace existing files" };
        var command = new Command("convert", "Convert recordings to WFDB, CSV or EDF+ without loss")
        {
            folder, format, round, overwrite,
        };
        options.AddTo(command, withPatient: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (read, reader) = (options.ReadingOf(parsed), services.GetRequiredService<EcgFileReader>());
            var target = new Target(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(format), parsed.GetValue(round),
                parsed.GetValue(overwrite));
            var terminal = output.Terminal(null);
            var failed = 0;
            foreach (var file in options.FilesOf(parsed, reader).Enumerate())
                try
                {
                    var recording = await reader.ReadAsync(file, read, cancellationToken);
                    terminal.Line($"{file} -> {target.Write(file, recording)}");
                }
                catch (Exception e) when (e is SignalCamException or ArgumentException or IOException or UnauthorizedAccessException)
                {
                    failed++;
                    output.Error.WriteLine($"{file}: {OptionNames.Message(e)}");
                }
            return failed > 0 ? SignalCamTool.Failed : SignalCamTool.Ok;
        });
        return command;
    }

    /// <summary>Where and how to write.</summary>
    private sealed class Target(string folder, string format, bool isRounded, bool isOverwritten)
    {
        private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

        /// <summary>Writes a recording and reads it again; gives what to tell of it.</summary>
        public string Write(string source, EcgRecording recording)
        {
            Directory.CreateDirectory(folder);
            var name = NameOf(source);
            var path = Path.Combine(folder, name + (format == Wfdb ? ".hea" : "." + format));
            string[] files = format == Wfdb ? [path, Path.ChangeExtension(path, ".dat")] : [path];
            if (!isOverwritten && Array.Find(files, File.Exists) is { } there)
                throw new IOException($"{there} is there already; --overwrite replaces it");
            var loss = format switch
            {
                Wfdb => WriteWfdb(name, recording),
                Csv => Run(() => EcgCsv.Write(path, recording.Signal)),
                _ => Run(() => EdfWriter.Write(path, recording)),
            };
            if (loss is null)
                RequireSame(recording.Signal, EcgFile.Read(path).Signal, path);
            return path + LeftOut(recording) + loss;
        }

        private static string? Run(Action write)
        {
            write();
            return null;
        }

        private string? WriteWfdb(string name, EcgRecording recording)
        {
            var options = new WfdbWriteOptions
            {
                Exact = true,
                BaseDate = recording.Start is { } start ? DateOnly.FromDateTime(start.Local) : null,
                BaseTime = recording.Start?.Local.TimeOfDay,
            };
            try
            {
                WfdbWriter.Write(folder, name, recording.Signal, options);
                return null;
            }
            catch (ArgumentException e) when (!isRounded)
            {
                throw new ArgumentException($"{e.Message}; --round stores the nearest values, --format csv keeps them", e);
            }
            catch (ArgumentException)
            {
                var gain = LargestGain(recording.Signal);
                WfdbWriter.Write(folder, name, recording.Signal, new WfdbWriteOptions
                {
                    Format = WfdbFormat.Format32,
                    Gain = gain,
                    BaseDate = options.BaseDate,
                    BaseTime = options.BaseTime,
                });
                return FormattableString.Invariant($"; rounded by {0.5 / gain:0.#e0} mV at most");
            }
        }

        /// <summary>The largest power of two by which all samples fit 32 bits.</summary>
        private static double LargestGain(EcgSignal signal)
        {
            var most = 0f;
            foreach (var sample in signal.Samples.Span)
                most = float.IsNaN(sample) ? most : Math.Max(most, Math.Abs(sample));
            return Math.ScaleB(1, 30 - (most > 0 ? Math.ILogB(most) : 0));
        }

        /// <summary>The file's name as far as all formats take it; a number behind it where another input has the same.</summary>
        private string NameOf(string source)
        {
            var stem = string.Concat(Path.GetFileNameWithoutExtension(source)
                .Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
            return OutputFile.Distinct(stem.Trim('-') is { Length: > 0 } plain ? plain : "recording", _taken);
        }

        private static string LeftOut(EcgRecording recording)
        {
            var parts = new List<string>();
            if (recording.OtherChannels.Count > 0)
                parts.Add($"{recording.OtherChannels.Count} other channels");
            if (recording.MedianBeat is not null)
                parts.Add("the median beat");
            return parts.Count > 0 ? $" (without {string.Join(" and ", parts)})" : "";
        }

        private static void RequireSame(EcgSignal expected, EcgSignal found, string path)
        {
            if (!expected.Layout.Equals(found.Layout) || !SameSamples(expected.Samples.Span, found.Samples.Span))
                throw new EcgFormatException(path, null, $"{found.Layout} that differ from what was written",
                    $"the same samples as in {expected.Layout}");
        }

        private static bool SameSamples(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
        {
            for (var i = 0; i < expected.Length; i++)
                if (!expected[i].Equals(found[i]))
                    return false;
            return expected.Length == found.Length;
        }
    }
}
