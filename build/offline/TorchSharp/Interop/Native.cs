using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp;

/// <summary>The functions of native/bridge.cpp. Nothing is marshalled: every parameter is blittable.</summary>
internal static unsafe class Native
{
    private const string Library = "torchsharp_bridge";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    [DllImport(Library)] internal static extern byte* bridge_last_error();
    [DllImport(Library)] internal static extern byte* bridge_version();
    [DllImport(Library)] internal static extern nint bridge_find_operator(byte* name, byte* overload);
    [DllImport(Library)] internal static extern long bridge_call(nint op, NativeArgument* arguments, long count, NativeArgument* results, long capacity);
    [DllImport(Library)] internal static extern void bridge_release(nint tensor);
    [DllImport(Library)] internal static extern nint bridge_share(nint tensor);
    [DllImport(Library)] internal static extern nint bridge_from_memory(void* data, long bytes, long* sizes, long dimensions, int scalarType);
    [DllImport(Library)] internal static extern void bridge_info(nint tensor, TensorInfo* info);
    [DllImport(Library)] internal static extern void bridge_sizes(nint tensor, long* sizes, long* strides);
    [DllImport(Library)] internal static extern void* bridge_data(nint tensor);
    [DllImport(Library)] internal static extern bool bridge_set_requires_grad(nint tensor, bool value);
    [DllImport(Library)] internal static extern nint bridge_grad(nint tensor);
    [DllImport(Library)] internal static extern bool bridge_set_grad(nint tensor, nint grad);
    [DllImport(Library)] internal static extern bool bridge_backward(nint* tensors, long count, nint* grads, long gradCount, bool retainGraph, bool createGraph, nint* inputs, long inputCount);
    [DllImport(Library)] internal static extern bool bridge_autograd_grad(nint* outputs, long outputCount, nint* inputs, long inputCount, nint* grads, long gradCount, bool retainGraph, bool createGraph, bool allowUnused, nint* results);
    [DllImport(Library)] internal static extern bool bridge_grad_enabled();
    [DllImport(Library)] internal static extern void bridge_set_grad_enabled(bool enabled);
    [DllImport(Library)] internal static extern bool bridge_inference_enabled();
    [DllImport(Library)] internal static extern nint bridge_enter_inference(bool enabled);
    [DllImport(Library)] internal static extern void bridge_leave_inference(nint guard);
    [DllImport(Library)] internal static extern nint bridge_default_generator();
    [DllImport(Library)] internal static extern nint bridge_new_generator(ulong seed);
    [DllImport(Library)] internal static extern void bridge_release_generator(nint generator);
    [DllImport(Library)] internal static extern void bridge_seed_generator(nint generator, ulong seed);
    [DllImport(Library)] internal static extern ulong bridge_generator_seed(nint generator, bool renew);
    [DllImport(Library)] internal static extern nint bridge_generator_state(nint generator);
    [DllImport(Library)] internal static extern bool bridge_set_generator_state(nint generator, nint state);
    [DllImport(Library)] internal static extern int bridge_threads();
    [DllImport(Library)] internal static extern bool bridge_set_threads(int count);
    [DllImport(Library)] internal static extern int bridge_cuda_devices();

    [DllImport("libc")] private static extern int setenv(byte* name, byte* value, int overwrite);

    /// <summary>Turns a failed call into the exception that TorchSharp throws, with libtorch's own words.</summary>
    internal static void Check(bool succeeded)
    {
        if (!succeeded)
            throw LastError();
    }

    internal static nint Check(nint pointer) => pointer != 0 ? pointer : throw LastError();

    internal static ExternalException LastError() => new(Text(bridge_last_error()));

    internal static string Text(byte* utf8) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(utf8));

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
            return 0;
        var path = Path.Combine(AppContext.BaseDirectory, "libtorchsharp_bridge.so");
        if (!File.Exists(path))
            path = Path.Combine(Path.GetDirectoryName(assembly.Location) ?? "", "libtorchsharp_bridge.so");
        // OpenMP's threads wait for work by spinning, which takes the cores from those that prepare the next batch: let them sleep,
        // unless whoever runs this says otherwise. Read once, when the library is loaded.
        fixed (byte* variable = "OMP_WAIT_POLICY\0"u8, value = "passive\0"u8)
            _ = setenv(variable, value, overwrite: 0);
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            // The loader's reason is the last line; the lines before it are advice on tracing it.
            var reason = error.Message.Trim().Split('\n')[^1];
            throw new DllNotFoundException(
                $"The native part of TorchSharp cannot be loaded: {reason}. It needs the system's libtorch 1.13 "
                + "(Debian: libtorch1.13, libopenblas0-pthread): run build/setup.sh, then build again.", error);
        }
    }
}

/// <summary>One argument or result as the bridge sees it (struct Argument there).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeArgument
{
    [FieldOffset(0)] public ArgumentKind Kind;
    [FieldOffset(4)] public int Length;
    [FieldOffset(8)] public long Integer;
    [FieldOffset(8)] public double Number;
    [FieldOffset(8)] public nint Pointer;
}

internal enum ArgumentKind
{
    None, Tensor, Int, Double, Bool, IntList, DoubleList, TensorList, OptionalTensorList, String, Device, Generator,
}

[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    public long Elements;
    public int Dimensions;
    public int Type;
    public DeviceType DeviceType;
    public int DeviceIndex;
    public int ElementSize;
    public int Flags;

    public readonly torch.ScalarType ScalarType => (torch.ScalarType)Type;
    public readonly bool RequiresGrad => (Flags & 1) != 0;
    public readonly bool IsLeaf => (Flags & 2) != 0;
    public readonly bool IsContiguous => (Flags & 4) != 0;
}
