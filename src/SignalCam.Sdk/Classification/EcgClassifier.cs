using System.Diagnostics;
using System.Runtime.CompilerServices;
using SignalCam.Abstractions;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Diagnostics;

namespace SignalCam.Sdk.Classification;

/// <summary>Classifies with the current model of a slot.</summary>
internal sealed class EcgClassifier(string name, ModelSlot slot, Telemetry telemetry) : IEcgClassifier, IDisposable
{
    public string Name => name;

    public string Sha256 => WithModel(model => model.Sha256);

    public string Task => WithModel(model => model.Task);

    public IReadOnlyList<string> Classes => WithModel(model => model.Classes);

    public SignalLayout Input => WithModel(model => model.Input);

    public ModelState State => slot.State;

    public EcgClassification Classify(
        EcgRecording recording, ClassifyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        using var pass = telemetry.BeginPass(name, Activity.Current?.Context ?? default);
        try
        {
            var answer = WithModel(model => model.Classify(recording, options, cancellationToken));
            pass.End(answered: 1, failed: 0);
            return answer;
        }
        catch (Exception e)
        {
            pass.Fail(e);
            throw;
        }
    }

    public async IAsyncEnumerable<EcgStreamAnswer> ClassifyAsync(
        IAsyncEnumerable<EcgStreamItem> recordings, ClassifyOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        // Passes run on other threads, whose activity is none of the caller's.
        var parent = Activity.Current?.Context ?? default;
        // The whole stream is one call: it ends with the model it began with.
        var model = slot.Enter();
        try
        {
            var plan = model.Model.PlanOf(options);
            var answers = ScoringStream.RunAsync(
                recordings, model.Model.Batch, model.Model.Room,
                (some, token) => PassAsync(model.Model, some, plan, parent, token), cancellationToken);
            await foreach (var answer in answers.ConfigureAwait(false))
                yield return answer;
        }
        finally
        {
            model.Leave();
        }
    }

    public EcgView View(EcgRecording recording) => WithModel(model => model.View(recording));

    public void Dispose() => slot.Dispose();

    /// <summary>
    /// Loads the model if that has not happened yet, and lets it see a recording, so that the first caller need not wait for either.
    /// </summary>
    public void Preload() => WithModel(model =>
    {
        var input = model.Input;
        var samples = new float[input.LeadCount * input.Length];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = MathF.Sin(i * 0.1f);
        try
        {
            return model.Classify(new EcgSignal(samples, input), new ClassifyOptions { Explain = true });
        }
        catch (Exception e) when (e is NonFiniteScoreException or RecordingRefusedException)
        {
            // The model is there; what it makes of a sine is no concern of a host's.
            return null;
        }
    });

    private async Task<EcgStreamAnswer[]> PassAsync(
        ScoringModel model, IReadOnlyList<EcgStreamItem> items, MapPlan? plan, ActivityContext parent, CancellationToken cancellationToken)
    {
        using var pass = telemetry.BeginPass(name, parent);
        try
        {
            var answers = await model.ClassifySomeAsync(items, plan, cancellationToken).ConfigureAwait(false);
            var failed = Array.FindAll(answers, a => a.Error is not null);
            pass.End(answers.Length - failed.Length, failed.Length, failed.FirstOrDefault()?.Error);
            return answers;
        }
        catch (Exception e)
        {
            pass.Fail(e);
            throw;
        }
    }

    private T WithModel<T>(Func<ScoringModel, T> use)
    {
        var model = slot.Enter();
        try
        {
            return use(model.Model);
        }
        finally
        {
            model.Leave();
        }
    }
}
