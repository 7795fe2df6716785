using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>A message of jobs: several recordings per message, to share the broker's cost of a message.</summary>
/// <remarks>
/// Little-endian: the bytes "SCJ" and 1, model name, SHA-256, explainer, then each job preceded by its length in bytes: recording id, a
/// kind, and a URI (kind 0) or sampling rate, samples per lead, lead names and samples, lead-major, as differences of 16-bit integers
/// preceded by their gain in units per millivolt (kind 1, see <see cref="JobSampleCodec.WriteLead"/>) or as 32-bit floats in millivolts
/// (kind 2). Texts are UTF-8 preceded by their length in two bytes. See docs/scale-out.md.
/// </remarks>
internal static class JobBatch
{
    // An id's length and a kind.
    private const int LeastBytes = sizeof(int) + sizeof(ushort) + 1;

    private const byte KindUri = 0;
    private const byte KindIntegers = 1;
    private const byte KindFloats = 2;

    private static ReadOnlySpan<byte> Mark => "SCJ\u0001"u8;

    /// <summary>Writes a message.</summary>
    public static ReadOnlyMemory<byte> Write(ScoringTask task, IReadOnlyList<ScoringJob> jobs)
    {
        var writer = Begin(task, jobs.Count);
        foreach (var job in jobs)
            Write(writer, job);
        return writer.Written;
    }

    /// <summary>Writes a message of jobs from another one.</summary>
    public static ReadOnlyMemory<byte> Write(ScoringTask task, IReadOnlyList<ReadOnlyMemory<byte>> jobs)
    {
        var writer = Begin(task, jobs.Count);
        foreach (var job in jobs)
        {
            writer.Int32(job.Length);
            writer.Bytes(job.Span);
        }
        return writer.Written;
    }

    /// <summary>
    /// Reads the common data and the bytes of each job; the jobs themselves are read one by one, so that one bad job does not affect the
    /// others.
    /// </summary>
    /// <exception cref="MessageFormatException">The message is not a message of jobs.</exception>
    public static (ScoringTask Task, IReadOnlyList<ReadOnlyMemory<byte>> Jobs) Read(ReadOnlyMemory<byte> message)
    {
        var reader = new MessageReader(message.Span);
        reader.Expect(Mark, "message of jobs");
        var task = new ScoringTask(reader.Text(), reader.Hash(), reader.Text());
        if (FindProblem(task) is { } problem)
            throw new MessageFormatException(problem);
        var jobs = new ReadOnlyMemory<byte>[reader.Count(LeastBytes, MessageLimits.Items)];
        for (var i = 0; i < jobs.Length; i++)
        {
            var length = reader.Int32();
            var start = reader.Position;
            reader.Bytes(length);
            jobs[i] = message.Slice(start, length);
        }
        reader.ExpectEnd();
        return (task, jobs);
    }

    /// <summary>Reads one job.</summary>
    /// <param name="bytes">The job's bytes.</param>
    /// <param name="layouts">Layouts that were read before.</param>
    /// <param name="pool">Where the samples' memory comes from.</param>
    /// <exception cref="MessageFormatException">They are not a job.</exception>
    public static ScoringJob ReadJob(ReadOnlySpan<byte> bytes, LayoutCache layouts, SamplePool pool)
    {
        var reader = new MessageReader(bytes);
        var id = reader.Text();
        if (!MessageLimits.IsRecordingId(id))
            throw new MessageFormatException($"byte 0: found no recording id, expected {MessageLimits.RecordingIdRule}");
        var kind = reader.Byte();
        if (kind == KindUri)
        {
            var text = reader.Text();
            reader.ExpectEnd();
            return text.Length <= MessageLimits.Uri && Uri.TryCreate(text, UriKind.Absolute, out var uri)
                ? new ScoringJob(id) { Uri = uri }
                : throw new MessageFormatException(
                    $"found a text of {text.Length} characters, expected an absolute URI of at most {MessageLimits.Uri}");
        }
        if (kind is not (KindIntegers or KindFloats))
            throw new MessageFormatException($"byte {reader.Position - 1}: found a job of kind {kind}, expected {KindUri} to {KindFloats}");
        var layout = layouts.Read(ref reader);
        var gain = kind == KindIntegers ? reader.Float() : 0;
        if (kind == KindIntegers && !(gain > 0 && float.IsFinite(gain)))
            throw new MessageFormatException($"byte {reader.Position - sizeof(float)}: found a gain of {gain}, expected a number above 0");
        var count = (long)layout.LeadCount * layout.Length;
        // Each sample has a byte at least, so that a wrong length cannot claim memory.
        if (kind == KindIntegers ? count > reader.Left : count * sizeof(float) != reader.Left)
            throw new MessageFormatException($"byte {reader.Position}: found {reader.Left} bytes of samples, expected those of {layout}");
        var samples = pool.Rent((int)count);
        if (kind == KindIntegers)
            for (var lead = 0; lead < layout.LeadCount; lead++)
                JobSampleCodec.ReadLead(ref reader, gain, samples.AsSpan(lead * layout.Length, layout.Length));
        else
            JobSampleCodec.ReadFloats(reader.Bytes(reader.Left), samples);
        reader.ExpectEnd();
        return new ScoringJob(id) { Recording = new EcgSignal(samples, layout) };
    }

    /// <summary>The URI of a job's recording; null if it has none or is not a job.</summary>
    public static Uri? PeekUri(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new MessageReader(bytes);
            reader.Text();
            return reader.Byte() == KindUri && reader.Text() is { Length: <= MessageLimits.Uri } text
                && Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null;
        }
        catch (MessageFormatException)
        {
            // Reading the job states what is wrong.
            return null;
        }
    }

    /// <summary>The problem with a task's names; null if there is none.</summary>
    private static string? FindProblem(ScoringTask task)
    {
        if (!MessageLimits.IsName(task.Model))
            return $"found a model name of {task.Model.Length} characters, expected {MessageLimits.NameRule}";
        return MessageLimits.IsExplainer(task.Explainer)
            ? null
            : $"found an explainer of {task.Explainer.Length} characters, expected {MessageLimits.ExplainerRule}";
    }

    private static MessageWriter Begin(ScoringTask task, int count)
    {
        if (FindProblem(task) is { } problem)
            throw new ArgumentException(problem, nameof(task));
        var writer = new MessageWriter();
        writer.Bytes(Mark);
        writer.Text(task.Model);
        writer.Hash(task.ModelSha256);
        writer.Text(task.Explainer);
        writer.Int32(count);
        return writer;
    }

    private static void Write(MessageWriter writer, ScoringJob job)
    {
        if (!MessageLimits.IsRecordingId(job.RecordingId))
            throw new ArgumentException($"a recording's id has {MessageLimits.RecordingIdRule}", nameof(job));
        var content = new MessageWriter();
        content.Text(job.RecordingId);
        if (job.Recording is { } recording)
            WriteRecording(content, recording);
        else
        {
            content.Byte(KindUri);
            content.Text(
                (job.Uri ?? throw new ArgumentException("a job has a recording or a URI, this one has neither", nameof(job))).AbsoluteUri);
        }
        writer.Int32(content.Length);
        writer.Bytes(content.Written.Span);
    }

    private static void WriteRecording(MessageWriter content, EcgSignal recording)
    {
        var samples = recording.Samples.Span;
        var gain = JobSampleCodec.FindGain(samples);
        content.Byte(gain is null ? KindFloats : KindIntegers);
        LayoutCache.Write(content, recording.Layout);
        if (gain is { } exact)
        {
            content.Float(exact);
            for (var lead = 0; lead < recording.Layout.LeadCount; lead++)
                JobSampleCodec.WriteLead(recording.Lead(lead), exact, content);
        }
        else
            JobSampleCodec.WriteFloats(samples, content.Take(samples.Length * sizeof(float)));
    }
}
