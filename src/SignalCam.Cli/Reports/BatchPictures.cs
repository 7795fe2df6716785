using SignalCam.Abstractions;
using SignalCam.Cli.Batch;
using SignalCam.Reporting;
using SignalCam.Sdk.Classification;

namespace SignalCam.Cli.Reports;

/// <summary>Heat maps of the most certain and the least sure recordings of a batch.</summary>
/// <param name="ByRecording">A picture for each recording and class that is ranked; one that cannot be read again has none.</param>
/// <param name="Missing">Why there are none; null if there are.</param>
internal sealed record BatchPictures(IReadOnlyDictionary<(string Recording, string Class), string> ByRecording, string? Missing)
{
    /// <summary>Reads and explains the recordings once more: a batch keeps neither signals nor features.</summary>
    public static async Task<BatchPictures> RenderAsync(
        IClassificationService service, ClassificationRequest request, BatchSummary summary, CancellationToken cancellationToken)
    {
        var pictures = new Dictionary<(string, string), string>();
        var wanted = summary.SurestPresent.Recordings.Concat(summary.SurestAbsent.Recordings).Concat(summary.LeastSure.Recordings)
            .Select(r => (r.Recording, r.Score.Class)).Distinct().ToLookup(r => r.Recording, r => r.Class);
        if (wanted.Count == 0)
            return new BatchPictures(pictures, null);
        try
        {
            var explaining = request with { Files = [.. wanted.Select(w => w.Key)], Options = new ClassifyOptions { Explain = true } };
            await foreach (var result in service.ClassifyAsync(explaining, cancellationToken))
                if (result.Answer is { } answer)
                    foreach (var name in wanted[result.Id])
                        pictures.Add(
                            (result.Id, name),
                            AnswerPicture.Render(
                                result.Recording!.Signal, answer with { Scores = [answer[name]] },
                                new CamPlotOptions { Title = $"Recording {result.Id}" }));
        }
        catch (ModelNotSupportedException e)
        {
            // A network of another make may have no class activation map; the rest of the report stands without.
            return new BatchPictures(pictures, e.Message);
        }
        return new BatchPictures(pictures, null);
    }
}
