namespace SignalCam.Sdk.Diagnostics;

/// <summary>The names under which traces and measurements are published, for OpenTelemetry's AddSource and AddMeter.</summary>
public static class SignalCamTelemetry
{
    /// <summary>
    /// The activity source. Activities: "train", "evaluate", "calibrate", "audit", "explain", "classify", "classify many", "load model".
    /// </summary>
    public const string ActivitySourceName = "SignalCam";

    /// <summary>The meter.</summary>
    public const string MeterName = "SignalCam";

    /// <summary>
    /// Counter: recordings read from datasets; tags <see cref="DatasetTag"/> and <see cref="OutcomeTag"/> ("ok" or "bad").
    /// </summary>
    public const string RecordingsRead = "signalcam.recordings.read";

    /// <summary>Counter: finished epochs; tag <see cref="TaskTag"/>.</summary>
    public const string Epochs = "signalcam.training.epochs";

    /// <summary>Histogram, seconds: time from one training step's end to the next one's; tag <see cref="TaskTag"/>.</summary>
    public const string StepDuration = "signalcam.training.step.duration";

    /// <summary>Counter: recordings classified; tags <see cref="ModelTag"/> and <see cref="OutcomeTag"/> ("ok" or "bad").</summary>
    public const string Classifications = "signalcam.classifications";

    /// <summary>Histogram, seconds: time of one pass of a classifier, from raw recordings to results; tag <see cref="ModelTag"/>.</summary>
    public const string ClassificationDuration = "signalcam.classification.duration";

    /// <summary>Tag: the dataset's name.</summary>
    public const string DatasetTag = "signalcam.dataset";

    /// <summary>Tag: the task's name.</summary>
    public const string TaskTag = "signalcam.task";

    /// <summary>Tag: the model's name.</summary>
    public const string ModelTag = "signalcam.model";

    /// <summary>Tag of activities that failed: the error's type, as OpenTelemetry names it.</summary>
    public const string ErrorTag = "error.type";

    /// <summary>Tag: "ok" or "bad".</summary>
    public const string OutcomeTag = "signalcam.outcome";
}
