using SignalCam.Abstractions;
using SignalCam.Reporting;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Classification;

namespace SignalCam.Cli.Reports;

/// <summary>Heat maps of the worst errors, by recording.</summary>
/// <param name="ById">A picture for each recording; empty where there are none.</param>
/// <param name="Missing">Why there are none; null where there are.</param>
internal sealed record ErrorPictures(IReadOnlyDictionary<string, string> ById, string? Missing)
{
    /// <summary>Reads and explains the recordings once more: the evaluation keeps neither signals nor features.</summary>
    public static async Task<ErrorPictures> RenderAsync(
        IClassificationService service, EvaluationRequest evaluation, IReadOnlyList<WorstError> errors, CancellationToken cancellationToken)
    {
        var pictures = new Dictionary<string, string>(StringComparer.Ordinal);
        if (errors.Count == 0)
            return new ErrorPictures(pictures, null);
        var request = new ClassificationRequest
        {
            ModelPath = evaluation.ModelPath,
            Pretrained = evaluation.Pretrained,
            Dataset = evaluation.Dataset,
            Ids = [.. errors.Select(e => e.Entry.Id)],
            Options = new ClassifyOptions { Explain = true, Classes = ClassChoice.Of([.. errors.Select(e => e.Class).Distinct()]) },
            Length = evaluation.Length,
            Backend = evaluation.Backend,
            Device = evaluation.Device,
        };
        var classes = errors.ToDictionary(e => e.Entry.Id, e => e.Class);
        try
        {
            await foreach (var result in service.ClassifyAsync(request, cancellationToken))
            {
                var answer = result.GetAnswer();
                var wrong = answer with { Scores = [answer[classes[result.Id]]] };
                pictures.Add(result.Id, AnswerPicture.Render(
                    result.Recording!.Signal, wrong, new CamPlotOptions { Title = $"Recording {result.Id}" }));
            }
        }
        catch (ModelNotSupportedException e)
        {
            // A network of another make may have no class activation map; the rest of the report stands without.
            return new ErrorPictures(pictures, e.Message);
        }
        return new ErrorPictures(pictures, null);
    }
}
