using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Calls an operator of PyTorch by its name in native_functions.yaml ("add.Tensor"), or one of the bridge's own with its namespace
/// ("bridge::max_of_pairs"), arguments in the schema's order.
/// One native call each; every tensor involved is held meanwhile, so that disposing it on another thread is harmless.
/// </summary>
internal static unsafe class Op
{
    private const int StackWords = 96;

    private static readonly ConcurrentDictionary<string, nint> Handles = new();

    /// <summary>An operator with one tensor as its result.</summary>
    internal static Tensor Call(string op, params ReadOnlySpan<Arg> arguments)
    {
        NativeArgument result;
        Run(op, arguments, &result, 1);
        return Tensor.Own(result.Pointer);
    }

    /// <summary>An operator called for what it does to its first argument.</summary>
    internal static void Do(string op, params ReadOnlySpan<Arg> arguments) => Run(op, arguments, null, 0);

    internal static (Tensor, Tensor) Call2(string op, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc NativeArgument[2];
        Run(op, arguments, results, 2);
        return (Tensor.Own(results[0].Pointer), Tensor.Own(results[1].Pointer));
    }

    internal static (Tensor, Tensor, Tensor) Call3(string op, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc NativeArgument[3];
        Run(op, arguments, results, 3);
        return (Tensor.Own(results[0].Pointer), Tensor.Own(results[1].Pointer), Tensor.Own(results[2].Pointer));
    }

    /// <summary>An operator whose result is a list of at most `capacity` tensors.</summary>
    internal static Tensor[] CallList(string op, long capacity, params ReadOnlySpan<Arg> arguments)
    {
        var results = new NativeArgument[capacity];
        fixed (NativeArgument* pointer = results)
        {
            var count = Run(op, arguments, pointer, capacity);
            var tensors = new Tensor[count];
            for (var i = 0; i < count; i++)
                tensors[i] = Tensor.Own(results[i].Pointer);
            return tensors;
        }
    }

    internal static bool CallBool(string op, params ReadOnlySpan<Arg> arguments)
    {
        NativeArgument result;
        Run(op, arguments, &result, 1);
        return result.Integer != 0;
    }

    internal static NativeArgument CallNumber(string op, params ReadOnlySpan<Arg> arguments)
    {
        NativeArgument result;
        Run(op, arguments, &result, 1);
        return result;
    }

    [SkipLocalsInit]
    private static long Run(string op, ReadOnlySpan<Arg> arguments, NativeArgument* results, long capacity)
    {
        var handle = Handles.GetOrAdd(op, Find);
        var native = stackalloc NativeArgument[arguments.Length];
        var words = 0;
        foreach (ref readonly var argument in arguments)
            words += argument.ScratchWords;
        var stack = stackalloc long[StackWords];
        var heap = words <= StackWords ? null : (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
        var scratch = heap == null ? stack : heap;
        var held = 0;
        try
        {
            for (var i = 0; i < arguments.Length; i++)
                arguments[i].Write(native + i, ref scratch, ref held);
            var count = Native.bridge_call(handle, native, arguments.Length, results, capacity);
            return count >= 0 ? count : throw Native.LastError();
        }
        finally
        {
            foreach (ref readonly var argument in arguments)
                argument.Release(ref held);
            NativeMemory.Free(heap);
        }
    }

    private static nint Find(string op)
    {
        var dot = op.IndexOf('.', StringComparison.Ordinal);
        var space = op.Contains("::", StringComparison.Ordinal) ? "" : "aten::";
        var name = Encoding.UTF8.GetBytes($"{space}{(dot < 0 ? op : op[..dot])}\0");
        var overload = Encoding.UTF8.GetBytes($"{(dot < 0 ? "" : op[(dot + 1)..])}\0");
        fixed (byte* namePointer = name, overloadPointer = overload)
            return Native.Check(Native.bridge_find_operator(namePointer, overloadPointer));
    }
}
