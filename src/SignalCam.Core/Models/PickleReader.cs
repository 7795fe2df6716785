using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>
/// Reads the subset of pickle protocol 2 that torch.save writes for tensors in dicts. It builds plain values and executes nothing:
/// any other opcode or global is refused by name.
/// </summary>
/// <param name="pickle">The pickle's bytes.</param>
/// <param name="file">The checkpoint's name for messages.</param>
internal sealed class PickleReader(ReadOnlyMemory<byte> pickle, string file)
{
    private const string TensorGlobal = "torch._utils._rebuild_tensor_v2";
    private const string ParameterGlobal = "torch._utils._rebuild_parameter";
    private const string OrderedDictGlobal = "collections.OrderedDict";

    private static readonly Dictionary<string, TensorDType> Storages = new(StringComparer.Ordinal)
    {
        ["torch.FloatStorage"] = TensorDType.F32,
        ["torch.DoubleStorage"] = TensorDType.F64,
        ["torch.HalfStorage"] = TensorDType.F16,
        ["torch.BFloat16Storage"] = TensorDType.BF16,
        ["torch.LongStorage"] = TensorDType.I64,
        ["torch.IntStorage"] = TensorDType.I32,
        ["torch.ShortStorage"] = TensorDType.I16,
        ["torch.ByteStorage"] = TensorDType.U8,
        ["torch.BoolStorage"] = TensorDType.Bool,
    };

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private static readonly object Mark = new();

    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _at;
    private int _opcodeAt;

    /// <summary>The value that the pickle describes.</summary>
    public object? Read()
    {
        while (true)
        {
            _opcodeAt = _at;
            var opcode = Byte();
            if (opcode == (byte)'.')
                return Pop();
            Execute(opcode);
        }
    }

    private void Execute(byte opcode)
    {
        switch ((char)opcode)
        {
            case '\x80': RequireProtocol(Byte()); break;
            case '(': _stack.Add(Mark); break;
            case 'N': _stack.Add(null); break;
            case '\x88': _stack.Add(true); break;
            case '\x89': _stack.Add(false); break;
            case 'K': _stack.Add((long)Byte()); break;
            case 'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case 'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case '\x8a': _stack.Add(Long()); break;
            case 'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case 'X': _stack.Add(Text(Bytes(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))))); break;
            case '}': _stack.Add(new PickleDict()); break;
            case ']': _stack.Add(new PickleList()); break;
            case ')': _stack.Add(new PickleTuple([])); break;
            case '\x85': _stack.Add(new PickleTuple(PopMany(1))); break;
            case '\x86': _stack.Add(new PickleTuple(PopMany(2))); break;
            case '\x87': _stack.Add(new PickleTuple(PopMany(3))); break;
            case 't': _stack.Add(new PickleTuple(PopToMark())); break;
            case 'q': _memo[Byte()] = Peek(); break;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek(); break;
            case 'h': _stack.Add(Recall(Byte())); break;
            case 'j': _stack.Add(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
            case 'a': Append(PopMany(1)); break;
            case 'e': Append(PopToMark()); break;
            case 's': SetItems(PopMany(2)); break;
            case 'u': SetItems(PopToMark()); break;
            case 'c': _stack.Add(Global()); break;
            case 'Q': _stack.Add(Storage(Pop())); break;
            case 'R': Reduce(); break;
            case 'b': Build(); break;
            default: throw Error($"opcode {PickleOpcodes.NameOf(opcode)}", "an opcode that a dict of tensors needs");
        }
    }

    private void RequireProtocol(byte protocol)
    {
        if (protocol != 2)
            throw Error($"pickle protocol {protocol}", "2, as torch.save writes by default");
    }

    private long Long()
    {
        var bytes = Bytes(Byte());
        if (bytes.Length > sizeof(long))
            throw Error($"an integer of {bytes.Length} bytes", $"at most {sizeof(long)}");
        var value = bytes.Length > 0 && bytes[^1] >= 0x80 ? -1L : 0L;
        for (var i = bytes.Length - 1; i >= 0; i--)
            value = value << 8 | bytes[i];
        return value;
    }

    private PickleGlobal Global()
    {
        var name = $"{Line()}.{Line()}";
        if (name is TensorGlobal or ParameterGlobal or OrderedDictGlobal || Storages.ContainsKey(name))
            return new PickleGlobal(name);
        throw Error($"global '{Shown.Of(name)}'", "only what a dict of tensors needs: OrderedDict, tensors, parameters and storages");
    }

    /// <summary>("storage", type, key, location, number of elements)</summary>
    private PickleStorage Storage(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long count] }
            || !Storages.TryGetValue(type.Name, out var dtype) || count < 0)
            throw Error($"a persistent id that is {Describe(id)}", "('storage', type, key, location, number of elements)");
        return new PickleStorage(dtype, key, count);
    }

    private void Reduce()
    {
        var arguments = Pop();
        var callable = Pop();
        object value = (callable, arguments) switch
        {
            (PickleGlobal { Name: OrderedDictGlobal }, PickleTuple { Items: [] }) => new PickleDict(),
            (PickleGlobal { Name: TensorGlobal }, PickleTuple
            {
                Items: [PickleStorage storage, long offset, PickleTuple shape, PickleTuple strides, bool, PickleDict, ..]
            }) => Tensor(storage, offset, Sizes(shape), Sizes(strides)),
            (PickleGlobal { Name: ParameterGlobal }, PickleTuple { Items: [PickleTensor tensor, bool, PickleDict] }) => tensor,
            (PickleGlobal global, _) =>
                throw Error($"a call of {global.Name} with {Describe(arguments)}", "the arguments that torch.save writes"),
            _ => throw Error($"a call of {Describe(callable)}", "a call of OrderedDict or of a tensor"),
        };
        _stack.Add(value);
    }

    private PickleTensor Tensor(PickleStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || !NamedTensor.TryCount(shape, out var count))
            throw Error($"a tensor of shape [{string.Join(", ", shape)}] with strides [{string.Join(", ", strides)}]",
                "as many strides as dimensions, and a size that fits a file");
        var last = (Int128)offset;
        for (var i = 0; i < shape.Length; i++)
            last += (Int128)Math.Max(0, shape[i] - 1) * strides[i];
        if (offset < 0 || strides.Any(s => s < 0) || (count > 0 && last >= storage.Count) || count > storage.Count)
            throw Error($"a tensor of shape [{string.Join(", ", shape)}] at {offset} with strides [{string.Join(", ", strides)}]",
                $"a view of the {storage.Count} elements of storage '{Shown.Of(storage.Key)}'");
        return new PickleTensor(storage, offset, shape, strides);
    }

    private long[] Sizes(PickleTuple tuple) => tuple.Items.Length > ModelLimits.Dimensions
        ? throw Error($"a shape of {tuple.Items.Length} dimensions", $"at most {ModelLimits.Dimensions}")
        : Array.ConvertAll(tuple.Items, item => item is long size ? size : throw Error(Describe(item), "an integer"));

    /// <summary>Attributes of a state dict (its version numbers) are of no interest; other objects have none.</summary>
    private void Build()
    {
        var state = Pop();
        if (Peek() is not PickleDict || state is not PickleDict)
            throw Error($"attributes for {Describe(Peek())}", "attributes of an OrderedDict");
    }

    private void Append(object?[] items)
    {
        if (Peek() is not PickleList)
            throw Error($"{items.Length} items for {Describe(Peek())}", "a list");
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDict dict || items.Length % 2 != 0)
            throw Error($"{items.Length} keys and values for {Describe(Peek())}", "pairs for a dict");
        for (var i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not (string or long))
                throw Error($"a key that is {Describe(items[i])}", "a string or an integer");
            if (!dict.TryAdd(items[i]!, items[i + 1]))
                throw Error($"a second '{Shown.Of(Convert.ToString(items[i], CultureInfo.InvariantCulture)!)}'", "distinct keys");
        }
    }

    private object? Recall(uint index) =>
        _memo.TryGetValue(index, out var value) ? value : throw Error($"a reference to memo {index}", "a value that was stored");

    private object? Peek() => _stack.Count > 0 && _stack[^1] != Mark ? _stack[^1] : throw Error("nothing on the stack", "a value");

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            values[i] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
            throw Error("no mark on the stack", "a mark");
        var values = _stack[(mark + 1)..].ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private byte Byte() => Bytes(1)[0];

    private ReadOnlySpan<byte> Bytes(uint count)
    {
        if (count > pickle.Length - _at)
            throw Error("the end of the pickle", $"{count} more bytes");
        _at += (int)count;
        return pickle.Span.Slice(_at - (int)count, (int)count);
    }

    private string Line()
    {
        const int Longest = 256;
        var rest = pickle.Span[_at..];
        var end = rest[..Math.Min(rest.Length, Longest)].IndexOf((byte)'\n');
        if (end < 0)
            throw Error("a global without an end", "two lines with its module and name");
        var line = Text(rest[..end]);
        _at += end + 1;
        return line;
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Error("a string that is no UTF-8", "UTF-8");
        }
    }

    /// <summary>What a value is, for messages.</summary>
    internal static string Describe(object? value) => value switch
    {
        null => "None",
        string => "a string",
        long => "an integer",
        double => "a float",
        bool => "a boolean",
        PickleTuple => "a tuple",
        PickleList => "a list",
        PickleDict => "a dict",
        PickleStorage => "a storage",
        PickleTensor => "a tensor",
        PickleGlobal global => $"the global {global.Name}",
        _ => "something else",
    };

    private ModelFormatException Error(string found, string expected) => new(file, $"data.pkl byte {_opcodeAt}", found, expected);
}
