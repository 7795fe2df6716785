using System.ComponentModel.DataAnnotations;
using System.Globalization;
using SignalCam.Abstractions;

namespace MulticlassExtension;

// Two leads of regular beats (SR), of beats at random without P waves (AFIB), or with every other beat early and wide (BIGU).

public sealed class RhythmDatasetOptions
{
    [Range(30, 100_000)]
    public int Recordings { get; set; } = 300;
}

public sealed class RhythmDataset(RhythmDatasetOptions options) : IEcgDataset
{
    private static readonly SignalLayout s_layout = new(["II", "V1"], length: 1000, samplingRate: 100);

    public string Name => "rhythms";

    public IReadOnlyList<EcgEntry> Entries { get; } =
    [
        .. Enumerable.Range(1, options.Recordings).Select(i => new EcgEntry
        {
            Id = i.ToString(CultureInfo.InvariantCulture),
            Fold = i / 3 % 10 + 1,
            Statements = [new Statement(RhythmTask.Rhythms[i % 3], Likelihood: 100)],
        }),
    ];

    public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
    {
        var (rhythm, random, heart) = (
            entry.Statements[0].Code, new EcgRandom(ulong.Parse(entry.Id, CultureInfo.InvariantCulture)), new double[1000]);
        var period = random.Uniform(0.7, 1.1);
        for (var (beat, time) = (0, random.Uniform() - 1); time < 11; beat++)
        {
            var early = rhythm == "BIGU" && beat % 2 == 1;
            Wave(time - 0.16, 0.02, rhythm == "AFIB" || early ? 0 : 0.15);
            Wave(time, early ? 0.045 : 0.012, early ? 1.4 : 1);
            Wave(time + 0.28, 0.05, early ? -0.4 : 0.3);
            time += period * (rhythm == "AFIB"
                ? random.Uniform(0.6, 1.4)
                : rhythm == "SR" ? random.Uniform(0.97, 1.03) : early ? 1.3 : 0.7);
        }
        return ValueTask.FromResult(new EcgSignal([.. heart.Select(Noisy), .. heart.Select(v => Noisy(-0.6 * v))], s_layout));

        float Noisy(double value) => (float)(value + 0.02 * random.Normal());

        void Wave(double center, double width, double millivolt)
        {
            for (var t = 0; t < heart.Length; t++)
                heart[t] += millivolt * Math.Exp(-Math.Pow((t / 100.0 - center) / width, 2) / 2);
        }
    }
}
