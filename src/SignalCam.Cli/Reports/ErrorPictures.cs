using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Explanation;
using SignalCam.Torch.Explainers;

namespace SignalCam.Cli.Reports;

/// <summary>Heat maps of the worst errors, by recording.</summary>
/// <param name="ById">A picture for each recording; empty where there are none.</param>
/// <param name="Missing">Why there are none; null where there are.</param>
internal sealed record ErrorPictures(IReadOnlyDictionary<string, string> ById, string? Missing)
{
    /// <summary>Reads and explains the recordings once more: the evaluation keeps neither signals nor features.</summary>
    public static async Task<ErrorPictures> RenderAsync(
        IExplanationService service, EvaluationRequest evaluation, IReadOnlyList<WorstError> errors, CancellationToken cancellationToken)
    {
        var pictures = new Dictionary<string, string>(StringComparer.Ordinal);
        if (errors.Count == 0)
            return new ErrorPictures(pictures, null);
        var request = new ExplanationRequest
        {
            ModelPath = evaluation.ModelPath,
            Pretrained = evaluation.Pretrained,
            Dataset = evaluation.Dataset,
            Ids = [.. errors.Select(e => e.Entry.Id)],
            Classes = ClassChoice.Of([.. errors.Select(e => e.Class).Distinct()]),
            Device = evaluation.Device,
        };
        var classes = errors.ToDictionary(e => e.Entry.Id, e => e.Class);
        try
        {
            await foreach (var (id, recording, explanation, manifest) in service.ExplainAsync(request, cancellationToken))
            {
                var map = explanation.Maps.Single(m => m.Class == classes[id]);
                pictures.Add(id, ExplanationPictures.Render(id, recording, explanation with { Maps = [map] }, manifest));
            }
        }
        catch (NotSupportedException e)
        {
            // A network of another make may have no class activation map; the rest of the report stands without.
            return new ErrorPictures(pictures, e.Message);
        }
        return new ErrorPictures(pictures, null);
    }
}
