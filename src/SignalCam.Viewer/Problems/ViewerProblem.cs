namespace SignalCam.Viewer.Problems;

/// <summary>A kind of problem that the API answers with, as RFC 9457 describes it.</summary>
/// <param name="Name">The last part of the problem's type, which is urn:signalcam:viewer: and this.</param>
/// <param name="Status">The HTTP status: always 4xx.</param>
/// <param name="Title">What is wrong, the same for every occurrence.</param>
internal sealed record ViewerProblem(string Name, int Status, string Title)
{
    public static readonly ViewerProblem NotAnUpload = new("not-an-upload", 415, "The request is not a multipart/form-data upload");
    public static readonly ViewerProblem BrokenUpload = new("broken-upload", 400, "The upload is cut off or malformed");
    public static readonly ViewerProblem NothingToOpen = new("nothing-to-open", 415, "The upload holds no recording");
    public static readonly ViewerProblem TooLarge = new("too-large", 413, "The upload is too large");
    public static readonly ViewerProblem TooManyFiles = new("too-many-files", 413, "The upload holds too many files");
    public static readonly ViewerProblem TooSlow = new("too-slow", 408, "The upload took too long");
    public static readonly ViewerProblem UnsafeName = new("unsafe-name", 400, "A file name points outside the upload");
    public static readonly ViewerProblem BrokenArchive = new("broken-archive", 422, "The archive cannot be read");
    public static readonly ViewerProblem BrokenRecording = new("broken-recording", 422, "The recording cannot be read");
    public static readonly ViewerProblem RecordingTooLarge = new(
        "recording-too-large", 413, "The recording is too long or has too many samples");
    public static readonly ViewerProblem IncompleteTable = new("incomplete-table", 422, "The table does not say how to read it");
    public static readonly ViewerProblem BadValue = new("bad-value", 400, "A parameter has a value that is not allowed");
    public static readonly ViewerProblem NoSuchRecording = new("no-such-recording", 404, "There is no such recording");
    public static readonly ViewerProblem NoSuchPath = new("no-such-path", 404, "There is nothing at this path");
    public static readonly ViewerProblem NotAllowed = new("not-allowed", 405, "The method is not allowed here");
    public static readonly ViewerProblem NoFolder = new("no-folder", 404, "No folder is configured");
    public static readonly ViewerProblem NotExplainable = new("not-explainable", 422, "The model cannot process the recording");
    public static readonly ViewerProblem CrossSite = new("cross-site", 403, "The request comes from another site");
    public static readonly ViewerProblem Busy = new("busy", 429, "Too many requests at once");

    /// <summary>The problem's type.</summary>
    public string Type => $"urn:signalcam:viewer:{Name}";

    /// <summary>An occurrence of this problem.</summary>
    /// <param name="detail">What is wrong here: what was found, and what is allowed.</param>
    public ViewerProblemException With(string detail) => new(this, detail);
}

/// <summary>Ends a request with a problem.</summary>
internal sealed class ViewerProblemException(ViewerProblem problem, string detail) : Exception(detail)
{
    /// <summary>What kind of problem it is.</summary>
    public ViewerProblem Problem => problem;

    /// <summary>More members for the answer, for programs to read.</summary>
    public Dictionary<string, object?> Members { get; } = [];
}
