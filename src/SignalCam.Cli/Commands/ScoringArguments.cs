using System.CommandLine;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;

namespace SignalCam.Cli.Commands;

/// <summary>`--backend`: what computes the scores.</summary>
internal static class BackendOption
{
    public static Option<ScoringBackend> Create() => new("--backend")
    {
        Description = "auto: compiled where the model allows it and no CUDA device is asked for; compiled; torch",
        DefaultValueFactory = _ => ScoringBackend.Auto,
    };
}

/// <summary>`--quality`: what becomes of recordings that cannot be believed.</summary>
internal static class QualityOption
{
    public static Option<QualityPolicy> Create(QualityPolicy standard) => new("--quality")
    {
        Description = "report: recordings are checked, and one that cannot be believed gets no decision; refuse: it is an error; "
            + "off: no checks",
        DefaultValueFactory = _ => standard,
    };
}

/// <summary>`--length` alone: what may be done to recordings of another length than what is wanted.</summary>
internal sealed class LengthPolicyOption(string wanted)
{
    private readonly Option<string> _length = new("--length")
    {
        Description = $"Recordings of another length than {wanted}. exact: refused; crop: the middle of a longer one; pad: zeros behind a "
            + "shorter one. "
            + "Two may be joined by a comma: crop,pad",
        DefaultValueFactory = _ => "exact",
        HelpName = "POLICY",
    };

    public void AddTo(Command command) => command.Add(_length);

    public bool IsGiven(ParseResult parsed) => parsed.GetResult(_length) is { Implicit: false };

    /// <exception cref="UsageException">A policy is unknown.</exception>
    public LengthPolicy Of(ParseResult parsed) => LengthOptions.Parse(_length.Name, parsed.GetRequiredValue(_length));
}

/// <summary>`--length`, `--window-step` and `--combine`: what may be done to recordings of another length than the model's.</summary>
internal sealed class LengthOptions
{
    private static readonly Dictionary<string, LengthPolicy> s_policies = new(StringComparer.OrdinalIgnoreCase)
    {
        ["exact"] = LengthPolicy.Exact,
        ["crop"] = LengthPolicy.Crop,
        ["pad"] = LengthPolicy.Pad,
        ["slide"] = LengthPolicy.Slide,
    };

    private static readonly Dictionary<string, WindowCombination> s_combinations = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mean"] = WindowCombination.Mean,
        ["max"] = WindowCombination.Max,
        ["noisy-or"] = WindowCombination.NoisyOr,
    };

    private readonly Option<string> _length = new("--length")
    {
        Description = "Recordings of another length than the model's. exact: refused; crop: the middle of a longer one; pad: zeros behind "
            + "a shorter one; slide: "
            + "a longer one window by window. Two may be joined by a comma: crop,pad",
        DefaultValueFactory = _ => "exact",
        HelpName = "POLICY",
    };

    private readonly Option<double?> _step = new("--window-step")
    {
        Description = "Of --length slide: seconds from one window to the next [half of the model's]",
        HelpName = "SECONDS",
    };

    private readonly Option<string> _combine = new("--combine")
    {
        Description = "Of --length slide: how the windows' probabilities become one: mean, max or noisy-or",
        DefaultValueFactory = _ => "mean",
    };

    public LengthOptions() => _combine.AcceptOnlyFromAmong([.. s_combinations.Keys]);

    public void AddTo(Command command)
    {
        command.Add(_length);
        command.Add(_step);
        command.Add(_combine);
    }

    /// <exception cref="UsageException">A policy is unknown, or a step is no number above 0.</exception>
    public (LengthPolicy Length, double? Step, WindowCombination Combine) Of(ParseResult parsed)
    {
        var policy = Parse(_length.Name, parsed.GetRequiredValue(_length));
        var step = parsed.GetValue(_step);
        if (step is not null && !(step > 0 && double.IsFinite(step.Value)))
            throw new UsageException(FormattableString.Invariant($"{_step.Name}: found {step}, expected a number of seconds above 0"));
        return (policy, step, s_combinations[parsed.GetRequiredValue(_combine)]);
    }

    /// <exception cref="UsageException">A policy is unknown.</exception>
    public static LengthPolicy Parse(string option, string text)
    {
        var policy = LengthPolicy.Exact;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
            policy |= s_policies.TryGetValue(name, out var one) ? one
                : throw new UsageException($"{option}: found '{name}', expected {string.Join(", ", s_policies.Keys)}");
        return policy;
    }
}
