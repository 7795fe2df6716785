using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>A chain of transforms, applied in order.</summary>
/// <remarks>
/// Built-in transforms that follow each other run lead by lead in double precision on one buffer and are rounded to float once.
/// Thread-safe, as the transforms are.
/// </remarks>
public sealed class Preprocessor : ISignalTransform
{
    private readonly ISignalTransform[] _transforms;
    // The chain cut into runs: of built-in steps that share a buffer, or one transform from elsewhere.
    private readonly List<Func<EcgSignal, EcgSignal>> _runs = [];
    private readonly ILayoutTransform[] _layoutTransforms;
    // What follows the steps that change the layout, if it is one run of built-in steps.
    private readonly ILeadTransform[]? _leadTransforms;

    /// <summary>Creates the transforms that the specifications name.</summary>
    /// <param name="specs">Names and options, in the order of application; none leaves recordings as they are.</param>
    /// <param name="registry">Where the names are looked up.</param>
    /// <exception cref="PluginException">A name is unknown, its options do not fit, or "resample" or "select-leads" comes behind a
    /// transform of another kind.</exception>
    public Preprocessor(IReadOnlyList<ComponentSpec> specs, PluginRegistry<ISignalTransform> registry)
        : this(Create(specs, registry))
    {
    }

    /// <summary>Chains transforms that already exist.</summary>
    /// <exception cref="PluginException">"resample" or "select-leads" comes behind a transform of another kind.</exception>
    public Preprocessor(params IEnumerable<ISignalTransform> transforms)
    {
        _transforms = [.. transforms];
        _layoutTransforms = [.. _transforms.TakeWhile(t => t is ILayoutTransform).Cast<ILayoutTransform>()];
        var rest = _transforms.AsSpan(_layoutTransforms.Length);
        foreach (var transform in rest)
            if (transform is ILayoutTransform)
                throw new PluginException(
                    $"found transform '{transform.Name}' behind '{rest[0].Name}', expected it before: "
                    + "a model takes recordings in the leads and at the rate that its preprocessing has");
        if (_transforms.Skip(_layoutTransforms.Length).All(t => t is ILeadTransform))
            _leadTransforms = [.. _transforms.Skip(_layoutTransforms.Length).Cast<ILeadTransform>()];
        for (var i = 0; i < _transforms.Length;)
        {
            var builtIn = _transforms.Skip(i).TakeWhile(t => t is ILeadTransform).Cast<ILeadTransform>().ToArray();
            if (builtIn.Length > 0)
                _runs.Add(signal => LeadTransform.Run(signal, builtIn));
            else
                _runs.Add(_transforms[i].Apply);
            i += Math.Max(1, builtIn.Length);
        }
    }

    /// <summary>The name of a chain: "preprocessor".</summary>
    public string Name => "preprocessor";

    /// <summary>The transforms, in the order of application.</summary>
    public IReadOnlyList<ISignalTransform> Transforms => _transforms;

    /// <summary>Returns the preprocessed recording; the input is not changed.</summary>
    /// <param name="signal">A recording in millivolts.</param>
    /// <exception cref="PreprocessingException">A sample is not a finite number, or there are too few for a step.</exception>
    public EcgSignal Apply(EcgSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        foreach (var run in _runs)
            signal = run(signal);
        return signal;
    }

    /// <summary>Preprocesses samples without allocating, if all transforms are built in.</summary>
    /// <param name="samples">Lead-major, in millivolts; not changed.</param>
    /// <param name="layout">Their shape.</param>
    /// <param name="destination">The result, lead-major.</param>
    /// <param name="stride">The distance between leads of the result.</param>
    /// <exception cref="PreprocessingException">A sample is not a finite number, or there are too few for a step.</exception>
    internal void Apply(ReadOnlySpan<float> samples, SignalLayout layout, Span<float> destination, int stride)
    {
        if (_leadTransforms is not null && KeepsLayout(layout))
        {
            LeadTransform.Run(samples, layout, _leadTransforms, destination, stride);
            return;
        }
        var result = Apply(new EcgSignal(samples.ToArray(), layout));
        if (!result.Layout.Equals(layout))
            throw new PreprocessingException($"the transforms made {result.Layout} of {layout}");
        for (var lead = 0; lead < layout.LeadCount; lead++)
            result.Lead(lead).CopyTo(destination[(lead * stride)..]);
    }

    private bool KeepsLayout(SignalLayout layout)
    {
        foreach (var transform in _layoutTransforms)
            if (!transform.Keeps(layout))
                return false;
        return true;
    }

    private static IEnumerable<ISignalTransform> Create(IReadOnlyList<ComponentSpec> specs, PluginRegistry<ISignalTransform> registry)
    {
        ArgumentNullException.ThrowIfNull(specs);
        ArgumentNullException.ThrowIfNull(registry);
        return specs.Select(registry.Create);
    }
}
