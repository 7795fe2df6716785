using System.ComponentModel.DataAnnotations;
using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Options of the check "electrodes".</summary>
public sealed class ElectrodesOptions
{
    /// <summary>
    /// The score from which electrodes are interchanged: logarithm of the odds, less that which 0.2 % of the recordings of PTB-XL's folds 1
    /// to 8 exceed. Default 0.
    /// </summary>
    [Range(-100.0, 100.0)]
    public double Lowest { get; set; }

    /// <summary>Correlation of the beats with their mean, mean over the leads, below which nothing is said. Default 0.66.</summary>
    [Range(-1.0, 1.0)]
    public double LowestCorrelation { get; set; } = 0.66;
}

/// <summary>
/// Interchanged electrodes: a logistic score for each interchange from how the leads go together in P wave, QRS complex and T wave. After
/// Heden et al. (Am. J. Cardiol. 78:600, 1996), who told interchanges by a network that looks at P and QRS of limb leads, and Kors and van
/// Herpen (2001, Am. J. Cardiol. 88:396), who told them by what each lead should be given the others. The weights are made from PTB-XL's
/// folds 1 to 8, each recording as it is and with its electrodes interchanged.
/// </summary>
internal sealed class ElectrodesCheck(ElectrodesOptions options) : IRecordingCheck
{
    public string Name => "electrodes";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var analysis = RecordingAnalysis.Of(recording);
        Span<float> features = stackalloc float[ElectrodeFeatures.Count];
        if (!AreBeatsAlike(analysis) || !ElectrodeFeatures.TryCompute(analysis, features))
            return [];
        var (best, highest) = (-1, options.Lowest);
        for (var i = 0; i < ElectrodeWeights.Interchanges.Length; i++)
            if (Score(i, features) is var score && score > highest)
                (best, highest) = (i, score);
        if (best < 0)
            return [];
        var interchange = ElectrodeWeights.Interchanges[best];
        var findings = new FindingList();
        findings.Add(
            "electrodes-" + interchange.Code, FindingSeverity.Warning,
            $"The leads look as if the electrodes of {interchange.Electrodes} were interchanged.", interchange.Leads, highest);
        return findings.All;
    }

    /// <summary>How far the odds of an interchange are above the limit, as a logarithm.</summary>
    internal static double Score(int interchange, ReadOnlySpan<float> features) =>
        TensorPrimitives.Dot(features, ElectrodeWeights.Of(interchange)) + ElectrodeWeights.Interchanges[interchange].Bias;

    private bool AreBeatsAlike(RecordingAnalysis analysis)
    {
        var sum = 0.0;
        foreach (ref readonly var lead in analysis.Leads)
            sum += lead.TemplateCorrelation;
        return sum >= options.LowestCorrelation * analysis.Leads.Length;
    }
}

/// <summary>Electrodes that are taken for each other.</summary>
/// <param name="Code">For programs, such as "arms".</param>
/// <param name="Electrodes">For people, such as "left and right arm".</param>
/// <param name="Leads">The leads that change.</param>
/// <param name="Bias">What is added to the weighted features.</param>
internal sealed record Interchange(string Code, string Electrodes, IReadOnlyList<string> Leads, double Bias);
