using System.Buffers.Binary;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Fuzz.Models;

/// <summary>Changed model files: their bytes, their header, their manifest or their layer graph.</summary>
public sealed class ModelFileKind : FuzzKind
{
    /// <inheritdoc/>
    public override string Name => "model";

    /// <inheritdoc/>
    public override string Description => "changed model files: read, compiled, scored, explained, exported";

    /// <inheritdoc/>
    public override int Share => 8;

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var random = new EcgRandom(seed);
        var bytes = Corpus.Bytes(Corpus.Model(random), random.Chance(0.3));
        bytes = random.Below(5) switch
        {
            0 => ByteMutator.Mutate(bytes, random),
            1 => WithHeader(bytes, header => JsonMutator.Mutate(header, random)),
            2 => WithHeader(bytes, header => Encoding.Latin1.GetString(ByteMutator.Mutate(Encoding.Latin1.GetBytes(header), random))),
            3 => WithText(bytes, ModelFile.ManifestKey, random),
            _ => WithText(bytes, ModelFile.GraphKey, random),
        };
        Corpus.Use(ModelFile.Read(bytes, "fuzz"), random);
    }

    private static byte[] WithText(byte[] bytes, string key, EcgRandom random) =>
        Corpus.WithMetadata(bytes, key, JsonMutator.Mutate(SafetensorsFile.Read(bytes, "corpus").Metadata[key], random));

    private static byte[] WithHeader(byte[] bytes, Func<string, string> change)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes, sizeof(long), length)));
        var changed = new byte[bytes.Length - length + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(changed, header.Length);
        header.CopyTo(changed, sizeof(long));
        bytes.AsSpan(sizeof(long) + length).CopyTo(changed.AsSpan(sizeof(long) + header.Length));
        return changed;
    }
}
