using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Scoring;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;
using static TorchSharp.torch;

namespace SignalCam.Torch.Explainers;

/// <summary>
/// "grad-cam" (Selvaraju et al. 2017, doi 10.1109/ICCV.2017.74, eq. 1 and 2): each channel of the backbone's output is weighted with the
/// mean of the logit's gradient over the cells; what is negative is cut off. One strip for all leads.
/// </summary>
/// <remarks>
/// With a head that pools and is linear the gradient is weight / cells in every cell, so the map is the exact CAM's positive part divided
/// by the number of cells. Safe for concurrent callers.
/// </remarks>
internal sealed class GradCamExplainer(
    ExplainerOptions? options = null) : BuiltInExplainer(ExplainerName, options ?? new ExplainerOptions())
{
    /// <summary>The name: "grad-cam".</summary>
    public const string ExplainerName = "grad-cam";

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return [.. Gradients
            .OfFeatures(batch.Model, batch.Samples, batch.Classes,
                (features, gradient) => (features * gradient.mean([2L], keepdim: true)).sum(1).relu())
            .Select((cells, i) => new RawMap(batch.Name(i), Name, cells, HeatMapSign.Magnitude))];
    }
}

/// <summary>
/// "hirescam" (Draelos and Carin 2020, arXiv 2011.08891): the backbone's output times the logit's gradient, summed over the channels,
/// cell by cell and with its sign. One strip for all leads.
/// </summary>
/// <remarks>
/// Promises that its sum plus the head's bias is the logit, which holds for every head that is linear in the feature maps; there it is the
/// exact CAM divided by the number of cells. Safe for concurrent callers.
/// </remarks>
internal sealed class HiResCamExplainer(
    ExplainerOptions? options = null) : BuiltInExplainer(ExplainerName, options ?? new ExplainerOptions())
{
    /// <summary>The name: "hirescam".</summary>
    public const string ExplainerName = "hirescam";

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var biases = batch.Model.Biases;
        return [.. Gradients
            .OfFeatures(batch.Model, batch.Samples, batch.Classes, (features, gradient) => (features * gradient).sum(1))
            .Select((cells, i) => new RawMap(batch.Name(i), Name, cells, HeatMapSign.ForAndAgainst)
            {
                Unit = HeatMapUnits.Logit,
                CompletenessError = Completeness.Error(cells.Sum(v => (double)v) + biases[batch.Classes[i]], batch.Logits[i]),
            })];
    }
}

/// <summary>
/// "grad-cam++" (Chattopadhay et al. 2018, doi 10.1109/WACV.2018.00097, section 3): as Grad-CAM, but each cell's positive gradient
/// counts by how much of the score it carries, so that several places that speak for the class show alike. One strip for all leads.
/// </summary>
/// <remarks>
/// The published weights are of exp(logit), whose gradient has the factor exp(logit) in every cell; it is left out, since it scales the
/// whole map and overflows. Safe for concurrent callers.
/// </remarks>
internal sealed class GradCamPlusPlusExplainer(
    ExplainerOptions? options = null) : BuiltInExplainer(ExplainerName, options ?? new ExplainerOptions())
{
    /// <summary>The name: "grad-cam++".</summary>
    public const string ExplainerName = "grad-cam++";

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return [.. Gradients
            .OfFeatures(batch.Model, batch.Samples, batch.Classes, Map)
            .Select((cells, i) => new RawMap(batch.Name(i), Name, cells, HeatMapSign.Magnitude))];
    }

    private static Tensor Map(Tensor features, Tensor gradient)
    {
        // g^2 / (2 g^2 + sum(A) g^3) = 1 / (2 + sum(A) g): the same without squares that underflow. Where the denominator is zero the cell
        // has no weight.
        var denominator = (features.sum([2L], keepdim: true) * gradient).Plus(2);
        var none = zeros_like(denominator);
        var share = where(denominator.eq(none), none, denominator.reciprocal());
        var weights = (share * gradient.relu()).sum([2L], keepdim: true);
        return (features * weights).sum(1).relu();
    }
}
