using SignalCam.Abstractions;

namespace SignalCam.Viewer.Recordings;

/// <summary>Where a recording came from.</summary>
internal enum RecordingSource
{
    /// <summary>Somebody uploaded it.</summary>
    Upload,

    /// <summary>It was picked from the host's folder.</summary>
    Folder,

    /// <summary>The viewer made it.</summary>
    Example,
}

/// <summary>
/// A recording in memory. Nothing of a header but leads, rate, samples and the reader's warnings is kept: its comments may name a patient.
/// </summary>
/// <param name="Id">128 random bits, or the name of an example.</param>
/// <param name="Name">What it is called on the page: the file's name without extension, or the id in the host's folder.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Recording">Samples in millivolt, and the warnings about its file.</param>
/// <param name="Description">What is known of it; null for nothing.</param>
internal sealed record StoredRecording(string Id, string Name, RecordingSource Source, EcgRecording Recording, string? Description = null)
{
    public EcgSignal Signal => Recording.Signal;

    /// <summary>Bytes of its samples.</summary>
    public long Bytes => (long)Signal.Samples.Length * sizeof(float);
}
