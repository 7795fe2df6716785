using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Datasets;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Submitting;

/// <summary>A submission.</summary>
public sealed class SubmissionRequest
{
    /// <summary>The model, its file's hash and the explanation that are wanted.</summary>
    public required ScoringTask Task { get; init; }

    /// <summary>The recordings, always in the same order; read only as fast as the broker takes them.</summary>
    public required IEnumerable<JobSource> Recordings { get; init; }

    /// <summary>
    /// A file in which is written how far the submission has come, so that the same request continues there. Default null: it always begins
    /// at the start.
    /// </summary>
    public string? JournalPath { get; init; }

    /// <summary>Recordings in one message. Default 32.</summary>
    [Range(1, 4096)]
    public int RecordingsPerMessage { get; init; } = 32;

    /// <summary>Messages in flight that the broker has not confirmed. Default 16.</summary>
    [Range(1, 1000)]
    public int MaxInFlight { get; init; } = 16;

    /// <summary>How an unreadable recording is handled. Default: the submission ends with the error.</summary>
    public OnBadRecording OnBadRecording { get; init; } = OnBadRecording.Fail;
}

/// <summary>The progress of a submission.</summary>
/// <param name="Done">Recordings that the broker has confirmed, those of an earlier run and those that were left out included.</param>
/// <param name="Skipped">Recordings that were left out in this run because they cannot be read.</param>
/// <param name="FirstProblem">What was wrong with the first of them; null when there is none.</param>
/// <param name="Resumed">How many of <paramref name="Done"/> an earlier run had done, as its journal says.</param>
public sealed record SubmissionProgress(long Done, long Skipped, string? FirstProblem, long Resumed);
