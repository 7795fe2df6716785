using SignalCam.Abstractions;

namespace SignalCam.Abstractions.Tests;

public sealed class EcgRandomTests
{
    [Fact]
    public void The_sequence_is_that_of_xoshiro256_star_star_seeded_by_splitmix64()
    {
        // Computed by an independent implementation in Python with arbitrary-precision integers.
        var random = new EcgRandom(42);
        Assert.Equal([1546998764402558742UL, 6990951692964543102UL, 12544586762248559009UL],
            [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()]);
    }

    [Fact]
    public void Reseeding_starts_the_sequence_over()
    {
        var random = new EcgRandom(7);
        var first = (random.Normal(), random.Uniform());
        random.Reseed(7);
        Assert.Equal(first, (random.Normal(), random.Uniform()));
    }

    [Fact]
    public void Records_and_epochs_have_sequences_of_their_own()
    {
        var seeds =
            from epoch in Enumerable.Range(0, 100) from record in Enumerable.Range(-1, 100) select EcgRandom.SeedFor(1, epoch, record);
        Assert.Equal(100 * 100, seeds.Distinct().Count());
        Assert.NotEqual(EcgRandom.SeedFor(1, 2, 3), EcgRandom.SeedFor(2, 2, 3));
    }

    [Fact]
    public void Uniform_normal_and_below_have_the_moments_they_should()
    {
        var random = new EcgRandom(1);
        const int n = 200_000;
        var (uniform, normal) = (new double[n], new double[n]);
        var counts = new int[7];
        for (var i = 0; i < n; i++)
        {
            (uniform[i], normal[i]) = (random.Uniform(), random.Normal());
            counts[random.Below(7)]++;
        }
        Assert.All(uniform, u => Assert.InRange(u, 0, 1 - 1e-16));
        Assert.Equal(0.5, uniform.Average(), 0.004);
        Assert.Equal(0, normal.Average(), 0.012);
        Assert.Equal(1, normal.Average(x => x * x), 0.02);
        Assert.Equal(3, normal.Average(x => x * x * x * x), 0.15);
        Assert.All(counts, c => Assert.Equal(n / 7.0, c, 700.0));
    }

    [Fact]
    public void Shuffling_keeps_every_item_and_reaches_every_order()
    {
        var random = new EcgRandom(1);
        var orders = new HashSet<string>();
        for (var i = 0; i < 500; i++)
        {
            int[] items = [1, 2, 3, 4];
            random.Shuffle(items.AsSpan());
            Assert.Equal([1, 2, 3, 4], items.Order());
            orders.Add(string.Join(' ', items));
        }
        Assert.Equal(24, orders.Count);
    }
}
