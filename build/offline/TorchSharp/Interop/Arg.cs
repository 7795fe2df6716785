using System.Text;

namespace TorchSharp;

/// <summary>An argument of an operator: converts implicitly from everything that operators take, without a heap allocation.</summary>
internal readonly struct Arg
{
    private readonly object? reference;
    private readonly long bits;
    private readonly ArgumentKind kind;

    private Arg(ArgumentKind kind, object? reference, long bits = 0)
    {
        this.kind = reference is null && kind is not (ArgumentKind.Int or ArgumentKind.Double or ArgumentKind.Bool or ArgumentKind.Device) ? ArgumentKind.None : kind;
        this.reference = reference;
        this.bits = bits;
    }

    internal static Arg None => default;

    public static implicit operator Arg(torch.Tensor? value) => new(ArgumentKind.Tensor, value);
    public static implicit operator Arg(torch.Tensor?[]? value) => new(ArgumentKind.TensorList, value);
    public static implicit operator Arg(long value) => new(ArgumentKind.Int, null, value);
    public static implicit operator Arg(int value) => new(ArgumentKind.Int, null, value);
    public static implicit operator Arg(long? value) => value is { } some ? some : default(Arg);
    public static implicit operator Arg(double value) => new(ArgumentKind.Double, null, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(double? value) => value is { } some ? some : default(Arg);
    public static implicit operator Arg(bool value) => new(ArgumentKind.Bool, null, value ? 1 : 0);
    public static implicit operator Arg(long[]? value) => new(ArgumentKind.IntList, value);
    public static implicit operator Arg(double[]? value) => new(ArgumentKind.DoubleList, value);
    public static implicit operator Arg(string? value) => new(ArgumentKind.String, value is null ? null : Encoding.UTF8.GetBytes(value));
    public static implicit operator Arg(torch.ScalarType value) => (long)value;
    public static implicit operator Arg(torch.ScalarType? value) => value is { } some ? some : default(Arg);
    public static implicit operator Arg(torch.Device? value) => value is null ? default : new(ArgumentKind.Device, null, (long)value.type << 32 | (uint)value.index);
    public static implicit operator Arg(torch.Generator? value) => new(ArgumentKind.Generator, value);
    public static implicit operator Arg(Scalar? value) => value is null ? default : value.ToArg();

    /// <summary>A list in which null is a missing tensor, as indexing takes it.</summary>
    internal static Arg Optional(torch.Tensor?[] tensors) => new(ArgumentKind.OptionalTensorList, tensors);

    /// <summary>How many 8-byte words of scratch memory <see cref="Write"/> needs.</summary>
    internal int ScratchWords => reference switch
    {
        byte[] utf8 => (utf8.Length + 7) / 8,
        Array list => list.Length,
        _ => 0,
    };

    /// <summary>Writes the native form; every tensor is held until <see cref="Release"/> of as many tensors as `held` counts.</summary>
    internal unsafe void Write(NativeArgument* native, ref long* scratch, ref int held)
    {
        native->Kind = kind;
        native->Length = 0;
        native->Integer = bits;
        switch (reference)
        {
            case null:
                return;
            case torch.Tensor tensor:
                native->Pointer = tensor.Hold();
                held++;
                return;
            case torch.Generator generator:
                native->Pointer = generator.Handle;
                return;
            case torch.Tensor?[] tensors:
                for (var i = 0; i < tensors.Length; i++)
                {
                    scratch[i] = tensors[i]?.Hold() ?? 0;
                    held++;
                }
                break;
            case long[] list:
                list.CopyTo(new Span<long>(scratch, list.Length));
                break;
            case double[] list:
                list.CopyTo(new Span<double>(scratch, list.Length));
                break;
            case byte[] utf8:
                utf8.CopyTo(new Span<byte>(scratch, utf8.Length));
                break;
        }
        native->Length = ((Array)reference).Length;
        native->Pointer = (nint)scratch;
        scratch += ScratchWords;
    }

    internal void Release(ref int held)
    {
        switch (reference)
        {
            case torch.Tensor tensor when held > 0:
                tensor.LetGo();
                held--;
                return;
            case torch.Tensor?[] tensors:
                for (var i = 0; i < tensors.Length && held > 0; i++, held--)
                    tensors[i]?.LetGo();
                return;
            case torch.Generator generator:
                GC.KeepAlive(generator);
                return;
        }
    }
}
