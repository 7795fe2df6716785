using System.CommandLine;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;

namespace SignalCam.Cli.Commands;

/// <summary>`--backend`: what computes the scores.</summary>
internal static class BackendOption
{
    public static Option<ScoringBackend> Create() => new("--backend")
    {
        Description = "Scoring backend; auto: compiled if the model supports it and no CUDA device is requested, otherwise torch",
        DefaultValueFactory = _ => ScoringBackend.Auto,
        HelpName = "auto|compiled|torch",
    };
}

/// <summary>`--quality`: what becomes of recordings that cannot be trusted.</summary>
internal static class QualityOption
{
    public static Option<QualityPolicy> Create(QualityPolicy standard) => new("--quality")
    {
        Description = "report: check recordings and make no decision for an unusable one; refuse: treat it as an error; off: do not "
            + "check",
        DefaultValueFactory = _ => standard,
        HelpName = "report|refuse|off",
    };
}

/// <summary>`--length` alone: what may be done to recordings of another length than what is wanted.</summary>
internal sealed class LengthPolicyOption(string wanted)
{
    private readonly Option<string> _length = new("--length")
    {
        Description = $"How to treat recordings of another length than {wanted}. exact: refuse; crop: use the middle of a longer one; "
            + "pad: append zeros to a shorter one. Combine with a comma: crop,pad",
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
        Description = "How to treat recordings of another length than the model's. exact: refuse; crop: use the middle of a longer one; "
            + "pad: append zeros to a shorter one; slide: score a longer one window by window. Combine with a comma: crop,pad",
        DefaultValueFactory = _ => "exact",
        HelpName = "POLICY",
    };

    private readonly Option<double?> _step = new("--window-step")
    {
        Description = "For --length slide: seconds from one window to the next [half of the model's length]",
        HelpName = "SECONDS",
    };

    private readonly Option<string> _combine = new("--combine")
    {
        Description = "For --length slide: how to combine the probabilities of the windows: mean, max or noisy-or",
        DefaultValueFactory = _ => "mean",
        HelpName = "METHOD",
    };

    public LengthOptions() => _combine.AcceptOnlyFromAmong([.. s_combinations.Keys]);

    public void AddTo(Command command)
    {
        command.Add(_length);
        command.Add(_step);
        command.Add(_combine);
    }

    /// <exception cref="UsageException">A policy is unknown, or a step is not a number above 0.</exception>
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
