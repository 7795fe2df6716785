using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SignalCam.Sdk.Diagnostics;

/// <summary>The activity source and the instruments of one container.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly ActivitySource _source = new(SignalCamTelemetry.ActivitySourceName);
    private readonly Meter? _ownMeter;
    private readonly Counter<long> _recordings;
    private readonly Counter<long> _epochs;
    private readonly Histogram<double> _steps;
    private readonly Counter<long> _classifications;
    private readonly Histogram<double> _durations;

    /// <summary>Where the host has no metrics of its own, the meter is made here.</summary>
    public Telemetry(IMeterFactory? meters = null)
    {
        var meter = meters?.Create(SignalCamTelemetry.MeterName) ?? (_ownMeter = new Meter(SignalCamTelemetry.MeterName));
        _recordings = meter.CreateCounter<long>(SignalCamTelemetry.RecordingsRead, "{recording}", "Recordings read from datasets");
        _epochs = meter.CreateCounter<long>(SignalCamTelemetry.Epochs, "{epoch}", "Finished epochs of training");
        // From a small network on an idle machine to a large one with a batch; OpenTelemetry's own buckets end below a millisecond in one.
        _steps = meter.CreateHistogram<double>(
            SignalCamTelemetry.StepDuration, "s", "Time of a training step", advice: Buckets(0.005, 100));
        _classifications = meter.CreateCounter<long>(SignalCamTelemetry.Classifications, "{recording}", "Recordings classified");
        _durations = meter.CreateHistogram<double>(
            SignalCamTelemetry.ClassificationDuration, "s", "Time of one pass of a classifier", advice: Buckets(0.00005, 10));
    }

    public void RecordingRead(string dataset, bool ok) =>
        _recordings.Add(1, new(SignalCamTelemetry.DatasetTag, dataset), new(SignalCamTelemetry.OutcomeTag, Outcome(ok)));

    public void StepEnded(string task, TimeSpan duration) =>
        _steps.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(SignalCamTelemetry.TaskTag, task));

    public void EpochEnded(string task) => _epochs.Add(1, new KeyValuePair<string, object?>(SignalCamTelemetry.TaskTag, task));

    /// <summary>Begins a pass of a classifier, below the given activity.</summary>
    public Pass BeginPass(string model, ActivityContext parent) => new(
        this, model, _source.StartActivity("classify", ActivityKind.Internal, parent)?.SetTag(SignalCamTelemetry.ModelTag, model),
        Stopwatch.GetTimestamp());

    /// <summary>Runs work as an activity, which says so where it fails.</summary>
    public async Task<T> RunAsync<T>(string activityName, string tag, object value, Func<Activity?, Task<T>> work)
    {
        using var activity = _source.StartActivity(activityName)?.SetTag(tag, value);
        try
        {
            return await work(activity).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(activity, e);
            throw;
        }
    }

    /// <inheritdoc cref="RunAsync"/>
    public T Run<T>(string activityName, string tag, object value, Func<T> work)
    {
        using var activity = _source.StartActivity(activityName)?.SetTag(tag, value);
        try
        {
            return work();
        }
        catch (Exception e)
        {
            Fail(activity, e);
            throw;
        }
    }

    /// <summary>An activity of a stream, whose end is not seen by one method.</summary>
    public Activity? Start(string activityName, string tag, object value) => _source.StartActivity(activityName)?.SetTag(tag, value);

    public void Dispose()
    {
        _source.Dispose();
        _ownMeter?.Dispose();
    }

    /// <summary>Marks an activity as failed. The kind of error alone: a message may name a recording.</summary>
    internal static void Fail(Activity? activity, Exception e)
    {
        if (e is OperationCanceledException)
            return;
        activity?.SetTag(SignalCamTelemetry.ErrorTag, e.GetType().FullName).SetStatus(ActivityStatusCode.Error, e.GetType().Name);
    }

    private static string Outcome(bool ok) => ok ? "ok" : "bad";

    private static InstrumentAdvice<double> Buckets(double smallest, double largest)
    {
        var bounds = new List<double>();
        // 1, 2.5, 5 of each power of ten.
        for (var power = Math.Pow(10, Math.Floor(Math.Log10(smallest))); power <= largest; power *= 10)
            foreach (var step in (double[])[1, 2.5, 5])
                if (Math.Round(step * power, 12) is var bound && bound >= smallest && bound <= largest)
                    bounds.Add(bound);
        return new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds };
    }

    /// <summary>One pass of a classifier: a recording, or a batch of a stream.</summary>
    public readonly struct Pass(Telemetry telemetry, string model, Activity? activity, long start) : IDisposable
    {
        /// <summary>The pass is done.</summary>
        /// <param name="answered">Recordings with an answer.</param>
        /// <param name="failed">Recordings with an error.</param>
        /// <param name="error">The first error.</param>
        public void End(int answered, int failed, Exception? error = null)
        {
            var tag = new KeyValuePair<string, object?>(SignalCamTelemetry.ModelTag, model);
            if (answered > 0)
                telemetry._classifications.Add(answered, tag, new(SignalCamTelemetry.OutcomeTag, Outcome(true)));
            if (failed > 0)
                telemetry._classifications.Add(failed, tag, new(SignalCamTelemetry.OutcomeTag, Outcome(false)));
            telemetry._durations.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tag);
            if (error is not null)
                Telemetry.Fail(activity, error);
        }

        /// <summary>The pass has thrown.</summary>
        public void Fail(Exception e)
        {
            if (e is not OperationCanceledException)
                End(answered: 0, failed: 1, e);
        }

        public void Dispose() => activity?.Dispose();
    }
}
