namespace SignalCam.Distributed.Workers;

/// <summary>
/// Why a job, or a result, went to the dead-letter queue; the value of the header "signalcam-reason" there, and of the tag of the failures
/// that are counted.
/// </summary>
internal static class FailureKind
{
    /// <summary>The message is not a message of jobs, or of results.</summary>
    public const string MalformedMessage = "malformed-message";

    /// <summary>A job in a message cannot be read.</summary>
    public const string MalformedJob = "malformed-job";

    /// <summary>The job requests a model file other than this queue's.</summary>
    public const string WrongModel = "wrong-model";

    /// <summary>The job requests maps of an explainer that the worker does not have.</summary>
    public const string WrongExplainer = "wrong-explainer";

    /// <summary>The model cannot take the recording: a lead is missing, the length is wrong, a sample is not a number.</summary>
    public const string RefusedRecording = "refused-recording";

    /// <summary>The model computed a score that is not finite.</summary>
    public const string NonFiniteScore = "non-finite-score";

    /// <summary>The job has a URI that does not begin with a trusted one.</summary>
    public const string UntrustedUri = "untrusted-uri";

    /// <summary>There is no recording at the URI.</summary>
    public const string UnreadableRecording = "unreadable-recording";

    /// <summary>The recording at the URI is larger than the worker's limit.</summary>
    public const string OversizedRecording = "oversized-recording";

    /// <summary>The model's answer cannot be stored: a number is not finite. Also used for a result that a sink refuses.</summary>
    public const string UnstorableResult = "unstorable-result";

    /// <summary>An unexpected error at every attempt; the worker's log states its kind.</summary>
    public const string InternalError = "internal-error";

    /// <summary>The server of the URI did not respond at any attempt.</summary>
    public const string UnreachableUri = "unreachable-uri";
}

/// <summary>A job that cannot be scored, with the reason.</summary>
/// <param name="Job">The job's bytes.</param>
/// <param name="Kind">One of <see cref="FailureKind"/>.</param>
/// <param name="Detail">The problem, for readers of the dead letter. It may name the recording, so it is never logged.</param>
internal sealed record RejectedJob(ReadOnlyMemory<byte> Job, string Kind, string Detail);

/// <summary>Ends the handling of a job with a reason.</summary>
internal sealed class JobRejectedException(string kind, string detail) : Exception(detail)
{
    public string Kind => kind;
}
