using System.Runtime.InteropServices;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;
using SignalCam.Core.Wfdb;

namespace SignalCam.Formats.Wfdb;

/// <summary>
/// WFDB, the format of PhysioNet: a header (.hea) that names signal files beside it. Recognized by the header itself, or by a signal file
/// whose header beside it names it. <see cref="WfdbReader"/> reads ranges, selected channels and digital values.
/// </summary>
internal sealed class WfdbFileFormat : IEcgFormat
{
    public const string FormatName = "wfdb";

    public string Name => FormatName;

    public bool Recognizes(EcgFileSource file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return HeaderText.IsHeader(file.Head.Span) || FindHeader(file) is not null;
    }

    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        var header = HeaderText.IsHeader(file.Head.Span) ? ReadHeader(file) : FindHeader(file) ?? ReadHeader(file);
        var plainName = Path.GetFileName(file.Name);
        Stream? Open(string name) => name == plainName ? file.Open() : file.OpenSibling(name);
        var warnings = new List<string>(header.Warnings);
        var content = ReadPlain(header, Open, options) ?? ReadAny(header, Open, options, warnings, cancellationToken);
        if (content.Warning is { } warning)
            warnings.Add(warning);
        var comments = HeaderComments.Read(header);
        return new EcgRecording(content.Signal, Name)
        {
            Units = content.Units,
            OtherChannels = content.Others,
            Start = header is { BaseDate: { } date, BaseTime: { } time }
                ? new EcgStart(date.ToDateTime(TimeOnly.MinValue) + time, header.UtcOffset) : null,
            Metadata = comments.Metadata,
            Patient = options.IncludePatient ? comments.Patient : new Dictionary<string, string>(),
            Warnings = warnings,
        };
    }

    /// <summary>The quick way for a recording of nothing but standard leads.</summary>
    private static WfdbContent? ReadPlain(WfdbHeader header, Func<string, Stream?> open, EcgReadOptions options)
    {
        foreach (var signal in header.Signals)
            if (!SignalLayout.StandardLeads.Contains(signal.Description, StringComparer.OrdinalIgnoreCase)
                || !ChannelKinds.MayBeEcg(signal.Description, signal.Units))
                return null;
        if (PlainRecording.Of(header, options.MaxValues) is not { } plain)
            return null;
        using var stream = open(header.Signals[0].FileName);
        return stream is not null && plain.TryRead(stream) is { } read
            ? new WfdbContent(read, [.. header.Signals.Select(s => s.Units)], [], null) : null;
    }

    private static WfdbContent ReadAny(
        WfdbHeader header, Func<string, Stream?> open, EcgReadOptions options, List<string> warnings, CancellationToken cancellationToken)
    {
        var reader = new RecordReader(
            header, open, new WfdbReadOptions { MaxValues = options.MaxValues }, isAsync: false, cancellationToken, options.Lenient
                ? warnings : null);
        return reader.ReadContentAsync(options.Leads).GetAwaiter().GetResult();
    }

    private static WfdbHeader ReadHeader(EcgFileSource file)
    {
        // A small file already exists: opening it a second time would take longer than parsing it.
        using var stream = file.Head.Length < EcgFileSource.HeadLength ? StreamOf(file.Head) : file.Open();
        return WfdbHeader.Read(stream, file.Name);
    }

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);

    /// <summary>The header of the same name beside a signal file, if it names the file.</summary>
    private static WfdbHeader? FindHeader(EcgFileSource file)
    {
        var plainName = Path.GetFileName(file.Name);
        var name = Path.GetFileNameWithoutExtension(plainName) + ".hea";
        if (name.Length == ".hea".Length || name == plainName)
            return null;
        try
        {
            using var stream = file.OpenSibling(name);
            if (stream is null)
                return null;
            var header = WfdbHeader.Read(stream, Path.Combine(Path.GetDirectoryName(file.Name) ?? "", name));
            return header.Signals.Any(s => s.FileName == plainName) ? header : null;
        }
        catch (EcgFormatException)
        {
            // A file beside this one that is not a header says nothing about this one.
            return null;
        }
    }
}
