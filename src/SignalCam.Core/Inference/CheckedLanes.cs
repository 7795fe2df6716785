namespace SignalCam.Core.Inference;

/// <summary>
/// Lanes that hold every access to what the running step has declared, so that a test shows that the proof in <see cref="WorkspaceBounds"/>
/// is of the right accesses.
/// </summary>
internal readonly unsafe struct CheckedLanes<TLanes>(TLanes value) : ILanes<CheckedLanes<TLanes>>
    where TLanes : struct, ILanes<TLanes>
{
    private readonly TLanes _value = value;

    public static int Count => TLanes.Count;

    public static CheckedLanes<TLanes> Load(float* source)
    {
        AccessCheck.Require(source, TLanes.Count * sizeof(float), isWrite: false);
        return new(TLanes.Load(source));
    }

    public static CheckedLanes<TLanes> Broadcast(float value) => new(TLanes.Broadcast(value));

    public static CheckedLanes<TLanes> Spread(float* source)
    {
        AccessCheck.Require(source, sizeof(float), isWrite: false);
        return new(TLanes.Spread(source));
    }

    public static int Read(int* source)
    {
        AccessCheck.Require(source, sizeof(int), isWrite: false);
        return TLanes.Read(source);
    }

    public static void Permit(void* begin, long bytes) => AccessCheck.Permit(begin, bytes, isWrite: false);

    public static CheckedLanes<TLanes> MultiplyAdd(CheckedLanes<TLanes> a, CheckedLanes<TLanes> b, CheckedLanes<TLanes> c) =>
        new(TLanes.MultiplyAdd(a._value, b._value, c._value));

    public static CheckedLanes<TLanes> Add(CheckedLanes<TLanes> a, CheckedLanes<TLanes> b) => new(TLanes.Add(a._value, b._value));

    public static CheckedLanes<TLanes> Subtract(CheckedLanes<TLanes> a, CheckedLanes<TLanes> b) => new(TLanes.Subtract(a._value, b._value));

    public static CheckedLanes<TLanes> Multiply(CheckedLanes<TLanes> a, CheckedLanes<TLanes> b) => new(TLanes.Multiply(a._value, b._value));

    public static CheckedLanes<TLanes> Max(CheckedLanes<TLanes> a, CheckedLanes<TLanes> b) => new(TLanes.Max(a._value, b._value));

    public static CheckedLanes<TLanes> Activate(CheckedLanes<TLanes> x, CheckedLanes<TLanes> slope) =>
        new(TLanes.Activate(x._value, slope._value));

    public static CheckedLanes<TLanes> ShiftIn(CheckedLanes<TLanes> a, CheckedLanes<TLanes> b) => new(TLanes.ShiftIn(a._value, b._value));

    public static (CheckedLanes<TLanes> Low, CheckedLanes<TLanes> High) Interleave(CheckedLanes<TLanes> a, CheckedLanes<TLanes> b)
    {
        var (low, high) = TLanes.Interleave(a._value, b._value);
        return (new(low), new(high));
    }

    public static (CheckedLanes<TLanes> Even, CheckedLanes<TLanes> Odd) Deinterleave(CheckedLanes<TLanes> low, CheckedLanes<TLanes> high)
    {
        var (even, odd) = TLanes.Deinterleave(low._value, high._value);
        return (new(even), new(odd));
    }

    public static void Store(CheckedLanes<TLanes> x, float* destination)
    {
        AccessCheck.Require(destination, TLanes.Count * sizeof(float), isWrite: true);
        TLanes.Store(x._value, destination);
    }

    public static void StorePairMax(CheckedLanes<TLanes> x, float* destination)
    {
        AccessCheck.Require(destination, TLanes.Count / 2 * sizeof(float), isWrite: true);
        TLanes.StorePairMax(x._value, destination);
    }
}

/// <summary>What the step that runs on this thread may touch, while accesses are checked.</summary>
internal static unsafe class AccessCheck
{
    [ThreadStatic]
    private static List<(nuint Begin, nuint End, bool IsWrite)>? t_permitted;

    /// <summary>Begins a step: it may touch what it declares of the workspace, and nothing else until it permits more.</summary>
    public static void Begin(float* workspace, IEnumerable<MemoryAccess> accesses)
    {
        t_permitted = [];
        foreach (var access in accesses)
            Permit(workspace + access.Begin, (access.End - access.Begin) * sizeof(float), access.Slot is not null);
    }

    /// <summary>Lets the step read bytes, or write them.</summary>
    public static void Permit(void* begin, long bytes, bool isWrite) =>
        t_permitted!.Add(((nuint)begin, (nuint)begin + (nuint)bytes, isWrite));

    /// <summary>Ends the step.</summary>
    public static void End() => t_permitted = null;

    /// <summary>Holds one access to what is permitted.</summary>
    /// <exception cref="InvalidOperationException">It is not permitted.</exception>
    public static void Require(void* address, long bytes, bool isWrite)
    {
        var (begin, end) = ((nuint)address, (nuint)address + (nuint)bytes);
        foreach (var permitted in t_permitted!)
            if (begin >= permitted.Begin && end <= permitted.End && (permitted.IsWrite || !isWrite))
                return;
        throw new InvalidOperationException($"a step {(isWrite ? "writes" : "reads")} {bytes} bytes which it has not declared");
    }
}
