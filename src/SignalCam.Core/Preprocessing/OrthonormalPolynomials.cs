using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace SignalCam.Core.Preprocessing;

/// <summary>Polynomials of degree 0 to a given degree that are orthonormal on an even grid.</summary>
/// <remarks>
/// Built by Arnoldi's process with the grid points as operator (Brubeck, Nakatsukasa, Trefethen 2021, doi 10.1137/19M130100X),
/// each new polynomial orthogonalised twice. Unlike powers of t this stays orthonormal to rounding at any degree below the length.
/// </remarks>
internal sealed class OrthonormalPolynomials
{
    /// <summary>Rows whose trend is taken out together.</summary>
    public const int RowsAtOnce = 4;

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

    /// <summary>y - Q (Q^T y) in place: takes the least-squares polynomial out of each row.</summary>
    /// <param name="rows">One to <see cref="RowsAtOnce"/> rows, one behind the other.</param>
    public unsafe void RemoveFrom(Span<double> rows)
    {
        var count = rows.Length / _length;
        var coefficients = stackalloc double[_values.Length / _length * RowsAtOnce];
        fixed (double* q = _values, y = rows)
        {
            // Where there are fewer than four rows the last one stands in for those that are missing: it is read as often before it is
            // written, so that it becomes the same each time.
            double* y1 = y + Math.Min(1, count - 1) * _length, y2 = y + Math.Min(2, count - 1) * _length,
                y3 = y + Math.Min(3, count - 1) * _length;
            Project(q, y, y1, y2, y3, coefficients);
            Subtract(q, y, y1, y2, y3, coefficients);
        }
    }

    /// <summary>The polynomial of the given degree, one value per grid point.</summary>
    public ReadOnlySpan<double> this[int degree] => _values.AsSpan(degree * _length, _length);

    /// <summary>-Q^T y of four rows, two polynomials at a time: eight sums, so that each value read is used two or four times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Project(double* basis, double* y0, double* y1, double* y2, double* y3, double* coefficients)
    {
        var polynomials = _values.Length / _length;
        for (var k = 0; k < polynomials; k += 2)
        {
            // Of an odd number the last one is its own partner.
            double* p = basis + k * _length, q = basis + Math.Min(k + 1, polynomials - 1) * _length;
            Vector<double> p0 = default, p1 = default, p2 = default, p3 = default, q0 = default, q1 = default, q2 = default, q3 = default;
            var t = 0;
            for (; t <= _length - Vector<double>.Count; t += Vector<double>.Count)
            {
                Vector<double> a = Vector.Load(p + t), b = Vector.Load(q + t), y = Vector.Load(y0 + t);
                (p0, q0) = (Vector.MultiplyAddEstimate(a, y, p0), Vector.MultiplyAddEstimate(b, y, q0));
                y = Vector.Load(y1 + t);
                (p1, q1) = (Vector.MultiplyAddEstimate(a, y, p1), Vector.MultiplyAddEstimate(b, y, q1));
                y = Vector.Load(y2 + t);
                (p2, q2) = (Vector.MultiplyAddEstimate(a, y, p2), Vector.MultiplyAddEstimate(b, y, q2));
                y = Vector.Load(y3 + t);
                (p3, q3) = (Vector.MultiplyAddEstimate(a, y, p3), Vector.MultiplyAddEstimate(b, y, q3));
            }
            double* c = coefficients + k * RowsAtOnce, d = coefficients + Math.Min(k + 1, polynomials - 1) * RowsAtOnce;
            (d[0], d[1], d[2], d[3]) = (Vector.Sum(q0), Vector.Sum(q1), Vector.Sum(q2), Vector.Sum(q3));
            (c[0], c[1], c[2], c[3]) = (Vector.Sum(p0), Vector.Sum(p1), Vector.Sum(p2), Vector.Sum(p3));
            for (; t < _length; t++)
            {
                (c[0], c[1], c[2], c[3]) = (c[0] + p[t] * y0[t], c[1] + p[t] * y1[t], c[2] + p[t] * y2[t], c[3] + p[t] * y3[t]);
                if (p != q)
                    (d[0], d[1], d[2], d[3]) = (d[0] + q[t] * y0[t], d[1] + q[t] * y1[t], d[2] + q[t] * y2[t], d[3] + q[t] * y3[t]);
            }
        }
        for (var i = 0; i < polynomials * RowsAtOnce; i++)
            coefficients[i] = -coefficients[i];
    }

    /// <summary>y + Q c of four rows, two vectors of time at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Subtract(double* basis, double* y0, double* y1, double* y2, double* y3, double* coefficients)
    {
        var end = coefficients + _values.Length / _length * RowsAtOnce;
        var lanes = Vector<double>.Count;
        var t = 0;
        for (; t <= _length - 2 * lanes; t += 2 * lanes)
        {
            Vector<double> a0 = Vector.Load(y0 + t), a1 = Vector.Load(y1 + t), a2 = Vector.Load(y2 + t), a3 = Vector.Load(y3 + t);
            Vector<double> b0 = Vector.Load(y0 + t + lanes), b1 = Vector.Load(y1 + t + lanes), b2 = Vector.Load(y2 + t + lanes),
                b3 = Vector.Load(y3 + t + lanes);
            var q = basis + t;
            for (var c = coefficients; c < end; c += RowsAtOnce, q += _length)
            {
                Vector<double> qa = Vector.Load(q), qb = Vector.Load(q + lanes), factor = Vector.Create(c[0]);
                (a0, b0) = (Vector.MultiplyAddEstimate(factor, qa, a0), Vector.MultiplyAddEstimate(factor, qb, b0));
                factor = Vector.Create(c[1]);
                (a1, b1) = (Vector.MultiplyAddEstimate(factor, qa, a1), Vector.MultiplyAddEstimate(factor, qb, b1));
                factor = Vector.Create(c[2]);
                (a2, b2) = (Vector.MultiplyAddEstimate(factor, qa, a2), Vector.MultiplyAddEstimate(factor, qb, b2));
                factor = Vector.Create(c[3]);
                (a3, b3) = (Vector.MultiplyAddEstimate(factor, qa, a3), Vector.MultiplyAddEstimate(factor, qb, b3));
            }
            a0.Store(y0 + t);
            a1.Store(y1 + t);
            a2.Store(y2 + t);
            a3.Store(y3 + t);
            b0.Store(y0 + t + lanes);
            b1.Store(y1 + t + lanes);
            b2.Store(y2 + t + lanes);
            b3.Store(y3 + t + lanes);
        }
        for (; t < _length; t++)
        {
            var (a0, a1, a2, a3) = (y0[t], y1[t], y2[t], y3[t]);
            var q = basis + t;
            for (var c = coefficients; c < end; c += RowsAtOnce, q += _length)
                (a0, a1, a2, a3) = (a0 + c[0] * *q, a1 + c[1] * *q, a2 + c[2] * *q, a3 + c[3] * *q);
            (y0[t], y1[t], y2[t], y3[t]) = (a0, a1, a2, a3);
        }
    }

    private void RemoveProjection(Span<double> y, int polynomials)
    {
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
