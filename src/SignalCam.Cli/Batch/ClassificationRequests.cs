using SignalCam.Abstractions;
using SignalCam.Sdk.Classification;

namespace SignalCam.Cli.Batch;

/// <summary>Copies of requests.</summary>
internal static class ClassificationRequests
{
    /// <summary>The same request for other files, and with other options where they are given.</summary>
    public static ClassificationRequest With(
        this ClassificationRequest request, IEnumerable<string> files, ClassifyOptions? options = null) => new()
    {
        ModelPath = request.ModelPath,
        Pretrained = request.Pretrained,
        Files = files,
        Reading = request.Reading,
        Options = options ?? request.Options,
        Length = request.Length,
        WindowStep = request.WindowStep,
        Combine = request.Combine,
        Backend = request.Backend,
        Quality = request.Quality,
        Device = request.Device,
    };
}
