using System.Numerics.Tensors;

namespace SignalCam.Core.Preprocessing;

/// <summary>Polynomials of degree 0 to a given degree that are orthonormal on an even grid.</summary>
/// <remarks>
/// Built by Arnoldi's process with the grid points as operator (Brubeck, Nakatsukasa, Trefethen 2021, doi 10.1137/19M130100X),
/// each new polynomial orthogonalised twice. Unlike powers of t this stays orthonormal to rounding at any degree below the length.
/// </remarks>
internal sealed class OrthonormalPolynomials
{
    // 32 MB: the bases of degree 10 for about forty lengths of 10 s recordings. A longer recording's basis is built anew each time.
    private const int CachedValuesAtMost = 4 << 20;

    private static readonly Lock CacheLock = new();
    private static readonly Dictionary<(int Length, int Degree), OrthonormalPolynomials> Cache = [];
    private static int s_cachedValues;

    private readonly double[] _values;
    private readonly int _length;

    private OrthonormalPolynomials(int length, int degree)
    {
        _length = length;
        _values = new double[checked((degree + 1) * length)];
        Array.Fill(_values, 1 / Math.Sqrt(length), 0, length);
        for (var k = 1; k <= degree; k++)
        {
            var previous = _values.AsSpan((k - 1) * length, length);
            var next = _values.AsSpan(k * length, length);
            for (var t = 0; t < length; t++)
                next[t] = (2.0 * t - (length - 1)) / length * previous[t];
            for (var pass = 0; pass < 2; pass++)
                RemoveProjection(next, k);
            TensorPrimitives.Divide(next, TensorPrimitives.Norm<double>(next), next);
        }
    }

    /// <summary>The basis, from the cache where it is there. Safe for concurrent callers.</summary>
    /// <param name="length">Number of grid points; more than <paramref name="degree"/>.</param>
    /// <param name="degree">Highest degree.</param>
    public static OrthonormalPolynomials For(int length, int degree)
    {
        lock (CacheLock)
        {
            if (Cache.TryGetValue((length, degree), out var known))
                return known;
        }
        var basis = new OrthonormalPolynomials(length, degree);
        if (basis._values.Length <= CachedValuesAtMost)
            Remember(basis, degree);
        return basis;
    }

    /// <summary>y - Q (Q^T y) in place: takes the least-squares polynomial out of <paramref name="y"/>.</summary>
    public void RemoveFrom(Span<double> y) => RemoveProjection(y, _values.Length / _length);

    /// <summary>The polynomial of the given degree, one value per grid point.</summary>
    public ReadOnlySpan<double> this[int degree] => _values.AsSpan(degree * _length, _length);

    private void RemoveProjection(Span<double> y, int polynomials)
    {
        // One polynomial after the other (modified Gram-Schmidt): as sound as Q^T y first, and no coefficients to keep.
        for (var k = 0; k < polynomials; k++)
        {
            var polynomial = this[k];
            TensorPrimitives.MultiplyAdd(polynomial, -TensorPrimitives.Dot(polynomial, y), y, y);
        }
    }

    private static void Remember(OrthonormalPolynomials basis, int degree)
    {
        lock (CacheLock)
        {
            if (s_cachedValues + basis._values.Length > CachedValuesAtMost)
            {
                Cache.Clear();
                s_cachedValues = 0;
            }
            if (Cache.TryAdd((basis._length, degree), basis))
                s_cachedValues += basis._values.Length;
        }
    }
}
