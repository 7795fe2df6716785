using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace SignalCam.Core.Tests.Preprocessing;

/// <summary>The expected values of preprocess.safetensors: float64, (record, time, lead).</summary>
internal sealed class GoldenFile
{
    private readonly byte[] _bytes;
    private readonly JsonObject _header;
    private readonly int _dataStart;

    public GoldenFile(string path)
    {
        _bytes = File.ReadAllBytes(path);
        _dataStart = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(_bytes);
        _header = JsonNode.Parse(_bytes.AsSpan(8.._dataStart))!.AsObject();
    }

    public const int Records = 11, Length = 1000, Leads = 12;

    public double[] Lead(string tensor, int record, int lead)
    {
        var offset = _dataStart + (int)_header[tensor]!["data_offsets"]![0]!;
        var values = MemoryMarshal.Cast<byte, double>(_bytes.AsSpan(offset, Records * Length * Leads * sizeof(double)));
        var samples = new double[Length];
        for (var t = 0; t < Length; t++)
            samples[t] = values[(record * Length + t) * Leads + lead];
        return samples;
    }

    public float[] Recording(string tensor, int record) =>
        [.. Enumerable.Range(0, Leads).SelectMany(lead => Lead(tensor, record, lead).Select(v => (float)v))];
}
