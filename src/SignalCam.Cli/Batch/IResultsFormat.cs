using SignalCam.Abstractions;

namespace SignalCam.Cli.Batch;

/// <summary>The format of a batch's results, for writing and for resuming.</summary>
internal interface IResultsFormat
{
    /// <summary>Text before the first recording.</summary>
    string Head { get; }

    /// <summary>Text after the last recording of a finished batch.</summary>
    string Foot { get; }

    /// <summary>A recording, preceded by its separator.</summary>
    string Write(EcgStreamAnswer result, bool isFirst);

    /// <summary>
    /// The recordings of a results file, in its order, each with the position of the byte behind it. Ends at the first recording that is
    /// not whole: there the run that wrote it was interrupted.
    /// </summary>
    /// <exception cref="EcgFormatException">It is not a results file.</exception>
    IEnumerable<(BatchRow Row, long End)> Read(Stream stream, string path);
}
