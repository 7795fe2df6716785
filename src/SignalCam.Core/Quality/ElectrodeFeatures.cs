using System.Numerics.Tensors;

namespace SignalCam.Core.Quality;

/// <summary>
/// What interchanged electrodes change: the covariances of the eight independent leads over P wave, QRS complex and T wave of the mean
/// beat, as shares of the whole beat's power.
/// </summary>
internal static class ElectrodeFeatures
{
    private const int Leads = 8;

    private const int Pairs = Leads * (Leads + 1) / 2;

    /// <summary>Number of features.</summary>
    public const int Count = 3 * Pairs;

    // Seconds from the steepest place of the beat, and what brings the three parts to a like size.
    private static readonly (double Start, double End, float Scale)[] s_parts = [(-0.26, -0.07, 20), (-0.08, 0.1, 1), (0.12, 0.44, 4)];

    private static readonly StandardLead[] s_leads =
    [
        StandardLead.I, StandardLead.II, StandardLead.V1, StandardLead.V2, StandardLead.V3, StandardLead.V4, StandardLead.V5,
        StandardLead.V6,
    ];

    /// <summary>Computes them; false where a lead or the mean beat is missing.</summary>
    public static bool TryCompute(RecordingAnalysis analysis, Span<float> features)
    {
        var beats = analysis.Beats;
        if (beats.Used == 0 || !analysis.Places.HasIndependentLeads)
            return false;
        var power = 0f;
        foreach (var lead in s_leads)
        {
            var template = beats.Template(analysis.Places[lead]);
            power += TensorPrimitives.SumOfSquares(template) / (Leads * template.Length);
        }
        if (!(power > 0))
            return false;
        Span<float> means = stackalloc float[Leads];
        var at = 0;
        foreach (var (start, end, scale) in s_parts)
        {
            var from = Math.Max(0, beats.TemplateCenter + (int)Math.Round(start * analysis.Rate));
            var length = Math.Min(beats.TemplateLength, beats.TemplateCenter + (int)Math.Round(end * analysis.Rate)) - from;
            for (var i = 0; i < Leads; i++)
                means[i] = TensorPrimitives.Sum(beats.Template(analysis.Places[s_leads[i]]).Slice(from, length)) / length;
            for (var i = 0; i < Leads; i++)
            {
                var first = beats.Template(analysis.Places[s_leads[i]]).Slice(from, length);
                for (var j = i; j < Leads; j++)
                {
                    var second = beats.Template(analysis.Places[s_leads[j]]).Slice(from, length);
                    features[at++] = scale * (TensorPrimitives.Dot(first, second) / length - means[i] * means[j]) / power;
                }
            }
        }
        return true;
    }
}
