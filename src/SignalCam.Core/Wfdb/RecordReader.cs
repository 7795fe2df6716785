using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// Reads one recording: finds out what it holds, then reads each segment that the range touches. An ordinary recording is its own only
/// segment. All methods complete synchronously unless told to be asynchronous, so that one implementation serves both.
/// </summary>
internal sealed class RecordReader
{
    private readonly WfdbHeader _header;
    private readonly WfdbReadOptions _options;
    private readonly SignalFiles _files;
    private readonly SegmentedRecord _segments;

    /// <param name="header">The record's header.</param>
    /// <param name="open">Opens the files it names.</param>
    /// <param name="options">What to read.</param>
    /// <param name="isAsync">Whether to wait for files without a thread.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <param name="warnings">Takes what checksums and initial values do not match; null where that is an error.</param>
    public RecordReader(
        WfdbHeader header, Func<string, Stream?> open, WfdbReadOptions options, bool isAsync, CancellationToken cancellationToken,
            List<string>? warnings = null)
    {
        options.Validate();
        _header = header;
        _options = options;
        _files = new SignalFiles(header, open, options, warnings, isAsync, cancellationToken);
        _segments = new SegmentedRecord(header, _files);
    }

    /// <summary>What is there, and what of it to read.</summary>
    private sealed record Shape(
        IReadOnlyList<WfdbSignalSpec> Signals, IReadOnlyList<string> Names, long TotalFrames, int[] Channels, long From, long To)
    {
        public long Frames => To - From;
    }

    public async Task<EcgSignal> ReadSignalAsync()
    {
        var shape = await FindShapeAsync().ConfigureAwait(false);
        var perFrame = _options.SmoothFrames ? 1 : CommonSamplesPerFrame(shape);
        var rows = Array.ConvertAll(shape.Channels, c => new OutputRow(perFrame, true, shape.Signals[c].Units));
        var output = new PhysicalOutput(_header.Source, rows, shape.Frames, _options.MaxValues);
        await ReadAsync(shape, output).ConfigureAwait(false);
        var layout = new SignalLayout(
            Array.ConvertAll(shape.Channels, c => shape.Names[c]), (int)shape.Frames * perFrame, _header.FrameRate * perFrame);
        return new EcgSignal(output.Leads, layout);
    }

    /// <summary>All signals: the ECG leads in millivolt, the others as they are stated.</summary>
    /// <param name="statedLeads">Lead names for a recording whose header states none; null to number them.</param>
    public async Task<WfdbContent> ReadContentAsync(IReadOnlyList<string>? statedLeads)
    {
        var shape = await FindShapeAsync().ConfigureAwait(false);
        var selection = LeadSelection.Of(_header.Source, shape.Signals, statedLeads);
        var rows = new OutputRow[shape.Signals.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new OutputRow(shape.Signals[i].SamplesPerFrame, selection.IsLead[i], shape.Signals[i].Units);
        var output = new PhysicalOutput(_header.Source, rows, shape.Frames, _options.MaxValues);
        await ReadAsync(shape, output).ConfigureAwait(false);

        var leads = Enumerable.Range(0, rows.Length).Where(i => selection.IsLead[i]).ToArray();
        var perFrame = rows[leads[0]].PerFrame;
        var layout = new SignalLayout(Array.ConvertAll(leads, i => selection.Names[i]), (int)shape.Frames * perFrame,
            _header.FrameRate * perFrame);
        var others = Enumerable.Range(0, rows.Length).Where(i => !selection.IsLead[i])
            .Select(i => new EcgChannel(selection.Names[i], rows[i].Units, _header.FrameRate * rows[i].PerFrame, output.Channel(i)));
        return new WfdbContent(new EcgSignal(output.Leads, layout), Array.ConvertAll(leads, i => rows[i].Units), [.. others],
            selection.Warning);
    }

    public async Task<WfdbRecording> ReadDigitalAsync()
    {
        var shape = await FindShapeAsync().ConfigureAwait(false);
        var specs = Array.ConvertAll(shape.Channels, c => shape.Signals[c]);
        var output = new DigitalOutput(_header.Source, specs, shape.Frames, _options.MaxValues);
        await ReadAsync(shape, output).ConfigureAwait(false);
        return new WfdbRecording(_header, [.. specs.Select((spec, i) =>
            new WfdbDigitalSignal(spec, shape.Names[shape.Channels[i]], _header.FrameRate * spec.SamplesPerFrame, output.Samples(i)))]);
    }

    private async Task<Shape> FindShapeAsync()
    {
        if (_header.SignalCount == 0)
            throw Error("0 signals", "at least 1");
        var signals = _header.IsMultiSegment ? await _segments.SignalsAsync().ConfigureAwait(false) : _header.Signals;
        var frames = _header.IsMultiSegment
            ? _segments.Frames()
            : _header.SampleCount ?? await _files.FramesAsync(_header).ConfigureAwait(false);
        if (frames == 0)
            throw Error("no samples", "at least 1 per signal");
        if (_options.From >= frames || _options.To > frames)
            throw Error($"{frames} samples per signal", $"samples {_options.From} to {_options.To ?? frames}, as WfdbReadOptions asks");
        var names = LeadNames.Distinct([.. signals.Select(s => s.Description)]);
        return new Shape(signals, names, frames, FindChannels(signals, names), _options.From, _options.To ?? frames);
    }

    private int[] FindChannels(IReadOnlyList<WfdbSignalSpec> signals, IReadOnlyList<string> names)
    {
        if (_options.Channels is null)
            return [.. Enumerable.Range(0, signals.Count)];
        int[] channels = [.. _options.Channels.Select(channel =>
        {
            var index = channel.Name is { } name ? IndexOf([.. names], name) : channel.Index;
            if (index < 0 && channel.Name is { } description)
                index = IndexOf([.. signals.Select(s => s.Description)], description);
            if (index < 0 || index >= signals.Count)
                throw Error($"{signals.Count} signals ({string.Join(", ", names.Take(20))})", $"{channel}, as WfdbReadOptions asks");
            return index;
        })];
        if (channels.Distinct().Count() != channels.Length)
            throw new ArgumentException($"a channel is named twice: {string.Join(", ", _options.Channels)}");
        return channels;
    }

    private static int IndexOf(string?[] names, string name) =>
        Array.FindIndex(names, n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));

    private int CommonSamplesPerFrame(Shape shape)
    {
        var first = shape.Channels[0];
        foreach (var channel in shape.Channels)
            if (shape.Signals[channel].SamplesPerFrame != shape.Signals[first].SamplesPerFrame)
                throw Error(
                    $"{shape.Signals[first].SamplesPerFrame} samples per frame of '{shape.Names[first]}' and "
                    + $"{shape.Signals[channel].SamplesPerFrame} of '{shape.Names[channel]}'",
                    "the same for all signals; select some by WfdbReadOptions.Channels or set SmoothFrames");
        return shape.Signals[first].SamplesPerFrame;
    }

    private async Task ReadAsync(Shape shape, RecordOutput output)
    {
        if (!_header.IsMultiSegment)
        {
            await _files.ReadAsync(_header, shape.Channels, new FrameRange(shape.From, shape.To, 0), shape.TotalFrames, output)
                .ConfigureAwait(false);
            return;
        }
        var start = 0L;
        foreach (var segment in _header.Segments)
        {
            var (from, to) = (Math.Max(shape.From, start), Math.Min(shape.To, start + segment.SampleCount));
            if (from < to && !segment.IsGap)
            {
                var part = await _segments.HeaderAsync(segment).ConfigureAwait(false);
                var map = _segments.Map(part, shape.Signals);
                var range = new FrameRange(from - start, to - start, from - shape.From);
                await _files.ReadAsync(part, Array.ConvertAll(shape.Channels, c => map[c]), range, segment.SampleCount, output)
                    .ConfigureAwait(false);
            }
            start += segment.SampleCount;
        }
        output.Allocate();
    }

    private EcgFormatException Error(string found, string expected) => new(_header.Source, null, found, expected);
}
