using System.Buffers.Binary;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;

namespace SignalCam.Core.Tests.Wfdb;

/// <summary>A recording in memory: files by name, headers among them.</summary>
internal sealed class WfdbRecord
{
    private readonly Dictionary<string, byte[]> _files = [];

    public WfdbRecord(string headerText) => Header = headerText;

    public string Header { get; }

    public WfdbRecord Add(string name, params byte[] bytes)
    {
        _files[name] = bytes;
        return this;
    }

    public WfdbRecord Add(string name, string text) => Add(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>A file of 16-bit samples in the order given.</summary>
    public WfdbRecord Add16(string name, params short[] samples)
    {
        var bytes = new byte[2 * samples.Length];
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), samples[i]);
        return Add(name, bytes);
    }

    public EcgSignal Signal(WfdbReadOptions? options = null) => WfdbReader.ReadSignal(WfdbHeader.Parse(Header, "rec.hea"), Open, options);

    public WfdbRecording Digital(WfdbReadOptions? options = null) =>
        WfdbReader.ReadDigital(WfdbHeader.Parse(Header, "rec.hea"), Open, options);

    public EcgFormatException Error(WfdbReadOptions? options = null) => Assert.Throws<EcgFormatException>(() => Signal(options));

    private MemoryStream? Open(string name) => _files.TryGetValue(name, out var bytes) ? new MemoryStream(bytes) : null;
}
