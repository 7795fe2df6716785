namespace SignalCam.Distributed.Messages;

/// <summary>A message of results: those of one message of jobs.</summary>
/// <remarks>
/// Little-endian: the bytes "SCR" and 1, model name, SHA-256, explainer, class names, then for each result the recording id and for each class
/// probability, logit and threshold in double precision, the decision as a byte, and the cells of its map as 32-bit floats behind their number (-1 for no map).
/// </remarks>
internal static class ResultBatch
{
    private const int NoMap = -1;

    // The parts of a class that are always there: three numbers, the decision, the number of cells.
    private const int BytesOfClass = 3 * sizeof(double) + 1 + sizeof(int);

    private static ReadOnlySpan<byte> Mark => "SCR\u0001"u8;

    /// <summary>Writes a message; all results are of one task and have the same classes.</summary>
    public static ReadOnlyMemory<byte> Write(ScoringTask task, IReadOnlyList<string> classes, IReadOnlyList<ScoringResult> results)
    {
        var writer = new MessageWriter();
        writer.Bytes(Mark);
        writer.Text(task.Model);
        writer.Hash(task.ModelSha256);
        writer.Text(task.Explainer);
        writer.Int32(classes.Count);
        foreach (var name in classes)
            writer.Text(name);
        writer.Int32(results.Count);
        foreach (var result in results)
        {
            writer.Text(result.Key.RecordingId);
            foreach (var score in result.Scores)
                Write(writer, score);
        }
        return writer.Written;
    }

    /// <summary>Reads a message.</summary>
    /// <exception cref="MessageFormatException">The message is no message of results.</exception>
    public static IReadOnlyList<ScoringResult> Read(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        reader.Expect(Mark, "message of results");
        var (model, hash, explainer) = (reader.Text(), reader.Hash(), reader.Text());
        var classes = new string[reader.Count(sizeof(ushort), MessageLimits.Classes)];
        for (var c = 0; c < classes.Length; c++)
            classes[c] = reader.Text();
        var results = new ScoringResult[reader.Count(sizeof(ushort) + classes.Length * BytesOfClass, MessageLimits.Items)];
        for (var i = 0; i < results.Length; i++)
        {
            var id = reader.Text();
            var scores = new ResultScore[classes.Length];
            for (var c = 0; c < scores.Length; c++)
                scores[c] = ReadScore(ref reader, classes[c]);
            results[i] = new ScoringResult(new ResultKey(id, hash, explainer), model, scores);
        }
        reader.ExpectEnd();
        return results;
    }

    private static void Write(MessageWriter writer, ResultScore score)
    {
        writer.Double(score.Probability);
        writer.Double(score.Logit);
        writer.Double(score.Threshold);
        writer.Byte(score.IsPresent ? (byte)1 : (byte)0);
        writer.Int32(score.Cells?.Length ?? NoMap);
        if (score.Cells is { } cells)
            SampleCodec.WriteFloats(cells, writer.Take(cells.Length * sizeof(float)));
    }

    private static ResultScore ReadScore(ref MessageReader reader, string name)
    {
        var (probability, logit, threshold, isPresent) = (reader.Double(), reader.Double(), reader.Double(), reader.Byte() != 0);
        var count = reader.Int32();
        if (count == NoMap)
            return new ResultScore(name, probability, logit, threshold, isPresent, null);
        if (count < 0 || count > reader.Left / sizeof(float))
            throw new MessageFormatException($"byte {reader.Position - sizeof(int)}: found a map of {count} cells, expected {NoMap} to {reader.Left / sizeof(float)}");
        var cells = new float[count];
        SampleCodec.ReadFloats(reader.Bytes(count * sizeof(float)), cells);
        return new ResultScore(name, probability, logit, threshold, isPresent, cells);
    }
}
