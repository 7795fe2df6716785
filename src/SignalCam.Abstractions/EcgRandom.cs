using System.Numerics;

namespace SignalCam.Abstractions;

/// <summary>
/// A small seeded generator (xoshiro256**, Blackman and Vigna 2018, doi 10.1145/3460772) whose sequence is part of the contract:
/// the same seed gives the same numbers on every machine and in every version.
/// </summary>
/// <remarks>Not thread-safe; create one per recording.</remarks>
public sealed class EcgRandom
{
    private ulong _s0, _s1, _s2, _s3;
    private double _spareNormal;
    private bool _hasSpareNormal;

    /// <summary>Starts a sequence.</summary>
    public EcgRandom(ulong seed) => Reseed(seed);

    /// <summary>The sequence for one record in one epoch of one run.</summary>
    public static EcgRandom For(ulong seed, int epoch, int record) => new(SeedFor(seed, epoch, record));

    /// <summary>The seed that <see cref="For"/> uses; with <see cref="Reseed"/> it saves the allocation.</summary>
    public static ulong SeedFor(ulong seed, int epoch, int record) =>
        Mix(Mix(Mix(seed) ^ (uint)epoch) ^ ((ulong)(uint)record << 32));

    /// <summary>Starts over with another seed.</summary>
    public void Reseed(ulong seed)
    {
        _s0 = Next(ref seed);
        _s1 = Next(ref seed);
        _s2 = Next(ref seed);
        _s3 = Next(ref seed);
        _hasSpareNormal = false;
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform on [0, 1).</summary>
    public double Uniform() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform on [low, high).</summary>
    public double Uniform(double low, double high) => low + (high - low) * Uniform();

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Uniform on 0 .. count - 1, without bias (Lemire 2019).</summary>
    public int Below(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var bound = (ulong)count;
        var high = Math.BigMul(NextUInt64(), bound, out var low);
        if (low < bound)
        {
            var threshold = (0UL - bound) % bound;
            while (low < threshold)
                high = Math.BigMul(NextUInt64(), bound, out low);
        }
        return (int)high;
    }

    /// <summary>Standard normal (polar method of Marsaglia).</summary>
    public double Normal()
    {
        if (_hasSpareNormal)
        {
            _hasSpareNormal = false;
            return _spareNormal;
        }
        double u, v, s;
        do
        {
            u = 2 * Uniform() - 1;
            v = 2 * Uniform() - 1;
            s = u * u + v * v;
        }
        while (s >= 1 || s == 0);
        var factor = Math.Sqrt(-2 * Math.Log(s) / s);
        _spareNormal = v * factor;
        _hasSpareNormal = true;
        return u * factor;
    }

    /// <summary>Puts the items in a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Next(ref ulong state) => Finish(state += 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong value) => Finish(value + 0x9E3779B97F4A7C15);

    private static ulong Finish(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
