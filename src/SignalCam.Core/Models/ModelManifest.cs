using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>
/// The description of a model file's weights: everything needed to build the network and score a raw recording. See docs/model-file.md.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>The format version written by this SDK, and the newest that it reads.</summary>
    public const int CurrentFormatVersion = 1;

    private static readonly JsonTypeInfo<ModelManifest> s_json =
        new JsonSerializerOptions(JsonForms.CamelCase(ModelManifestJson.Default, JsonForms.Words<TaskKind>()))
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        }.InfoOf<ModelManifest>();

    /// <summary>The version of the format, which is raised with every change that an older reader would misread.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>The model's name, for people.</summary>
    public string? Name { get; init; }

    /// <summary>Intended use and limitations of the model.</summary>
    public string? Description { get; init; }

    /// <summary>The licence of the weights.</summary>
    public string? Licence { get; init; }

    /// <summary>The preset of its training: "paper" or "recommended"; null if unknown.</summary>
    public string? Preset { get; init; }

    /// <summary>The backbone with its options.</summary>
    public required ComponentSpec Architecture { get; init; }

    /// <summary>The head with its options.</summary>
    public required ComponentSpec Head { get; init; }

    /// <summary>The task's name, such as "normal-abnormal".</summary>
    public required string Task { get; init; }

    /// <summary>How the outputs relate to each other.</summary>
    public required TaskKind TaskKind { get; init; }

    /// <summary>Names of the outputs, in order; one for a binary task.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>How statements became targets, as defined by the task; null if unknown.</summary>
    public JsonObject? LabelPolicy { get; init; }

    /// <summary>The leads of the model's input, in order.</summary>
    public required IReadOnlyList<string> Leads { get; init; }

    /// <summary>The sampling rate of the model's input, in samples per second.</summary>
    public required double SamplingRate { get; init; }

    /// <summary>The samples per lead of the model's input.</summary>
    public required int Length { get; init; }

    /// <summary>The transforms that turn a recording in millivolts into the model's input, in order.</summary>
    public required IReadOnlyList<ComponentSpec> Preprocessing { get; init; }

    /// <summary>The calibration of each class; null if the logits are used as they are.</summary>
    public IReadOnlyList<ClassCalibration>? Calibration { get; init; }

    /// <summary>The probability above which each class is called present; 0.5 each by default.</summary>
    public IReadOnlyList<double> Thresholds
    {
        get => field ?? [.. Classes.Select(_ => 0.5)];
        init;
    }

    /// <summary>
    /// The SHA-256 of the weights, as docs/model-file.md defines it: written with the file and compared when it is read. Null for a model
    /// that was not read from a file, and in files of versions that did not write it.
    /// </summary>
    public string? WeightsSha256 { get; init; }

    /// <summary>The provenance of the weights: data, folds, seed, epochs, figures, versions, date; null if unknown.</summary>
    public JsonObject? Training { get; init; }

    /// <summary>Leads, length and sampling rate of the model's input.</summary>
    [JsonIgnore]
    public SignalLayout Layout => new(Leads, Length, SamplingRate);

    /// <summary>Parses the manifest of a model file.</summary>
    /// <exception cref="ModelFormatException">It is not a manifest, of a newer version, or contradicts itself.</exception>
    internal static ModelManifest Parse(string text, string file)
    {
        try
        {
            // The version comes first: a newer manifest may have members that this version would call unknown.
            using (var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false }))
                RequireVersion(document.RootElement, file);
            var manifest = JsonSerializer.Deserialize(text, s_json)!;
            return manifest.FindProblem() is { } problem
                ? throw new ModelFormatException(file, $"manifest, {problem.Member}", problem.Found, problem.Expected)
                : manifest;
        }
        // InvalidOperationException: a string with half of a surrogate pair. ArgumentException: options with a member twice.
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            var path = (e as JsonException)?.Path;
            throw new ModelFormatException(file, path is null or "$" ? "manifest" : $"manifest, {Shown.Of(path)}", Shown.Of(e.Message),
                "a manifest as docs/model-file.md describes it", e);
        }
    }

    /// <summary>The manifest as written in a model file.</summary>
    /// <exception cref="ArgumentException">It contradicts itself; the message states where.</exception>
    internal string ToText()
    {
        Require();
        return JsonSerializer.Serialize(this, s_json);
    }

    /// <summary>Checks that the manifest does not contradict itself.</summary>
    /// <exception cref="ArgumentException">It does; the message states where.</exception>
    internal void Require()
    {
        if (FindProblem() is { } problem)
            throw new ArgumentException($"manifest, {problem.Member}: found {problem.Found}, expected {problem.Expected}");
    }

    private static void RequireVersion(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("formatVersion", out var member)
            || member.ValueKind != JsonValueKind.Number || !member.TryGetInt32(out var version))
            throw new ModelFormatException(file, "manifest", "no formatVersion", $"a number up to {CurrentFormatVersion}");
        if (version is < 1 or > CurrentFormatVersion)
            throw new ModelFormatException(
                file, "manifest, formatVersion", $"{version}", $"1 to {CurrentFormatVersion}; a newer version of this SDK may read it");
    }

    private (string Member, string Found, string Expected)? FindProblem()
    {
        if (FormatVersion != CurrentFormatVersion)
            return ("formatVersion", $"{FormatVersion}", $"{CurrentFormatVersion}");
        if (string.IsNullOrWhiteSpace(Task))
            return ("task", "nothing", "the task's name");
        foreach (var (member, specs) in new[] { ("architecture", [Architecture]), ("head", [Head]), ("preprocessing", Preprocessing) })
            if (specs.Any(s => string.IsNullOrWhiteSpace(s?.Name)))
                return (member, "a component without a name", "a name, and options where there are any");
        if (Preprocessing.Count > ModelLimits.Transforms)
            return ("preprocessing", $"{Preprocessing.Count} transforms", $"at most {ModelLimits.Transforms}");
        if (WeightsSha256 is { } sha && (sha.Length != 64 || !sha.All(char.IsAsciiHexDigitLower)))
            return ("weightsSha256", $"'{Shown.Of(sha)}'", "64 lower-case hexadecimal digits");
        return FindProblemOfClasses() ?? FindProblemOfLayout();
    }

    private (string Member, string Found, string Expected)? FindProblemOfClasses()
    {
        var count = Classes.Count;
        if (!Enum.IsDefined(TaskKind))
            return ("taskKind", $"{(int)TaskKind}", string.Join(", ", Enum.GetNames<TaskKind>()));
        if (TaskKind == TaskKind.Binary ? count != 1 : count < 1 || (TaskKind == TaskKind.Multiclass && count < 2))
            return ("classes", $"{count} classes", TaskKind switch { TaskKind.Binary => "1 for a binary task", TaskKind.Multiclass =>
                "at least 2 for a multiclass task", _ => "at least 1" });
        if (count > ModelLimits.Classes || Classes.FirstOrDefault(name => name?.Length > ModelLimits.NameLength) is not null)
            return ("classes", $"{count} classes of up to {Classes.Max(name => name?.Length ?? 0)} characters",
                $"at most {ModelLimits.Classes}, of {ModelLimits.NameLength}");
        if (Classes.Any(string.IsNullOrWhiteSpace) || Classes.Distinct(StringComparer.OrdinalIgnoreCase).Count() != count)
            return ("classes", Shown.Of(string.Join(", ", Classes)), "distinct names");
        if (Thresholds.Count != count || Thresholds.Any(t => !(t is >= 0 and <= 1)))
            return ("thresholds", Shown.Of(string.Join(", ", Thresholds.Select(t => FormattableString.Invariant($"{t}")))),
                $"{count} numbers from 0 to 1");
        if (Calibration is not null && (Calibration.Count != count
            || Calibration.Any(c => c is null || !double.IsFinite(c.Scale) || !double.IsFinite(c.Intercept))))
            return ("calibration", $"{Calibration.Count} entries", $"{count} of finite scale and intercept");
        if (TaskKind == TaskKind.Multiclass && Calibration?.Any(c => c.Isotonic is not null) == true)
            return ("calibration", "an isotonic curve",
                "scale and intercept for a multiclass task, whose probabilities have to add up to 1");
        if (Calibration?.Select(c => c.Isotonic?.FindProblem()).FirstOrDefault(p => p is not null) is { } problem)
            return ("calibration", problem, "a curve that rises");
        return null;
    }

    private (string Member, string Found, string Expected)? FindProblemOfLayout()
    {
        if (Leads.Any(string.IsNullOrWhiteSpace))
            return ("leads", "a lead without a name", "names");
        if (Leads.Count > ModelLimits.Leads || Leads.Any(name => name.Length > ModelLimits.NameLength))
            return ("leads", $"{Leads.Count} leads",
                $"at most {ModelLimits.Leads}, with names of up to {ModelLimits.NameLength} characters");
        if (Length > ModelLimits.Length || (long)Length * Leads.Count > ModelLimits.Samples)
            return ("length", $"{Length} samples of {Leads.Count} leads",
                $"at most {ModelLimits.Length} per lead and {ModelLimits.Samples} of all leads");
        try
        {
            _ = Layout;
            return null;
        }
        catch (ArgumentException e)
        {
            return ("leads, length or samplingRate", e.Message, "the shape of a recording");
        }
    }
}

/// <summary>Reader and writer of manifests, source-generated, without reflection.</summary>
[JsonSerializable(typeof(ModelManifest))]
internal sealed partial class ModelManifestJson : JsonSerializerContext;
