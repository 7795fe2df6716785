using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Fuzz.Models;

/// <summary>Changed PyTorch checkpoints: the archive, or the pickle in it.</summary>
public sealed class CheckpointKind : FuzzKind
{
    private readonly byte[] _pickle = Pickle();

    /// <inheritdoc/>
    public override string Name => "checkpoint";

    /// <inheritdoc/>
    public override string Description => "changed PyTorch checkpoints (.pt): archive and pickle";

    /// <inheritdoc/>
    public override int Share => 2;

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var random = new EcgRandom(seed);
        var bytes = random.Chance(0.6) ? Archive(ByteMutator.Mutate(_pickle, random)) : ByteMutator.Mutate(Archive(_pickle), random);
        foreach (var tensor in PyTorchCheckpoint.Read(bytes, "fuzz", random.Chance(0.2) ? "state_dict" : null))
            if (tensor.ToSingles().Length != tensor.Count)
                throw new WrongAnswerException($"{tensor}: numbers of elements differ");
    }

    private static byte[] Archive(byte[] pickle)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "data.pkl", pickle);
            Add(archive, "byteorder", Encoding.ASCII.GetBytes("little"));
            Add(archive, "data/0", new byte[24]);
            Add(archive, "data/1", new byte[8]);
        }
        return bytes.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using var stream = archive.CreateEntry($"archive/{name}", CompressionLevel.NoCompression).Open();
        stream.Write(content);
    }

    /// <summary>An OrderedDict of a float tensor of shape (2, 3) and a long scalar, as torch.save writes it.</summary>
    private static byte[] Pickle()
    {
        var pickle = new List<byte>();
        pickle.AddRange([0x80, 2]);
        Global("collections", "OrderedDict");
        pickle.AddRange(")R("u8);
        Tensor("layer.weight", "FloatStorage", "0", 6, [2, 3], [3, 1]);
        Tensor("layer.num_batches_tracked", "LongStorage", "1", 1, [], []);
        pickle.AddRange("u."u8);
        return [.. pickle];

        void Global(string module, string name) => pickle.AddRange(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

        void Text(string text)
        {
            pickle.Add((byte)'X');
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            pickle.AddRange([.. length, .. Encoding.UTF8.GetBytes(text)]);
        }

        void Tuple(byte[] items) => pickle.AddRange([(byte)'(', .. items.SelectMany(item => new[] { (byte)'K', item }), (byte)'t']);

        void Tensor(string name, string storage, string key, byte count, byte[] shape, byte[] strides)
        {
            Text(name);
            Global("torch._utils", "_rebuild_tensor_v2");
            pickle.AddRange("(("u8);
            Text("storage");
            Global("torch", storage);
            Text(key);
            Text("cpu");
            pickle.AddRange([(byte)'K', count, (byte)'t', (byte)'Q', (byte)'K', 0]);
            Tuple(shape);
            Tuple(strides);
            // requires_grad, backward hooks.
            pickle.Add(0x89);
            Global("collections", "OrderedDict");
            pickle.AddRange(")RtR"u8);
        }
    }
}
