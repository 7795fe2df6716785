using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>One reference to a native tensor. The runtime frees it at the latest when the C# tensor is collected.</summary>
internal sealed class TensorHandle : SafeHandle
{
    private static long live;
    private static long peak;

    internal TensorHandle(nint tensor) : base(0, ownsHandle: true)
    {
        SetHandle(tensor);
        var now = Interlocked.Increment(ref live);
        for (var seen = Interlocked.Read(ref peak); now > seen;)
            seen = Interlocked.CompareExchange(ref peak, now, seen) is var before && before == seen ? now : before;
    }

    internal static long Live => Interlocked.Read(ref live);

    internal static long Peak => Interlocked.Read(ref peak);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Native.bridge_release(handle);
        Interlocked.Decrement(ref live);
        return true;
    }
}
