using SignalCam.Abstractions;

namespace SignalCam.Core.Synthetic;

/// <summary>A recording of the set before it is generated: everything that the tables say of it.</summary>
internal sealed record PlannedRecording
{
    public required int Id { get; init; }

    public required PlannedPatient Patient { get; init; }

    /// <summary>Seed of the generator.</summary>
    public required ulong Seed { get; init; }

    public required SyntheticOptions Options { get; init; }

    public required IReadOnlyList<Statement> Statements { get; init; }

    /// <summary>Generates the recording; the same at every rate, up to the sampling.</summary>
    public SyntheticRecording Generate(double samplingRate) =>
        SyntheticEcg.Generate(Options with { SamplingRate = samplingRate }, new EcgRandom(Seed));
}

/// <summary>A patient of the set, who may have several recordings, all in one fold.</summary>
internal sealed record PlannedPatient(
    int Id, int Fold, double Age, Sex Sex, double? Height, double? Weight, ulong Seed, IReadOnlyList<string> Findings);

/// <summary>Draws who is in the set and with which abnormalities, one after the other, so that the rest can run in any order.</summary>
internal static class SyntheticPlan
{
    private const int Folds = 10;

    private static readonly (string[] Findings, double Weight)[] Mix =
    [
        ([], 0.42),
        (["IMI"], 0.065), (["ASMI"], 0.055), (["LMI"], 0.035),
        (["ISCAL"], 0.075), (["NDT"], 0.07),
        (["CRBBB"], 0.055), (["CLBBB"], 0.05),
        (["LVH"], 0.06), (["RVH"], 0.035),
        (["IMI", "CRBBB"], 0.02), (["ASMI", "CRBBB"], 0.015), (["IMI", "LVH"], 0.015), (["NDT", "CRBBB"], 0.015), (["IMI", "ISCAL"], 0.015),
    ];

    public static PlannedRecording[] Draw(SyntheticDatasetOptions options)
    {
        var random = new EcgRandom(options.Seed);
        var folds = new FoldBalance();
        var recordings = new List<PlannedPatient>();
        for (var id = 1; recordings.Count < options.Records; id++)
        {
            var patient = DrawPatient(id, folds, random);
            // As in PTB-XL, about one patient in seven has been recorded more than once.
            var count = random.Chance(0.86) ? 1 : random.Chance(0.8) ? 2 : 3;
            for (; count > 0 && recordings.Count < options.Records; count--)
            {
                recordings.Add(patient);
                folds.Count(patient);
            }
        }
        var order = recordings.ToArray();
        random.Shuffle<PlannedPatient>(order);
        return [.. order.Select((patient, i) => DrawRecording(i + 1, patient, EcgRandom.For(options.Seed, 1, i), options.AffectedBeats))];
    }

    private static PlannedPatient DrawPatient(int id, FoldBalance folds, EcgRandom random)
    {
        var draw = random.Uniform() * Mix.Sum(m => m.Weight);
        var chosen = 0;
        while (chosen < Mix.Length - 1 && draw >= Mix[chosen].Weight)
            draw -= Mix[chosen++].Weight;
        var findings = Mix[chosen].Findings;

        var age = Math.Clamp(Math.Round(findings.Length == 0 ? 48 + 15 * random.Normal() : 65 + 12 * random.Normal()), 18, 95);
        var sex = random.Chance(0.52) ? Sex.Male : Sex.Female;
        var height = Math.Round((sex == Sex.Male ? 176 : 163) + 7 * random.Normal());
        var weight = Math.Round(24.5 * height * height / 10_000 + 9 * random.Normal());
        return new PlannedPatient(
            id, folds.Emptiest(findings), age, sex,
            random.Chance(0.33) ? height : null, random.Chance(0.42) ? weight : null,
            random.NextUInt64(), findings);
    }

    private static PlannedRecording DrawRecording(int id, PlannedPatient patient, EcgRandom random, double affectedBeats)
    {
        var rhythm = random.Uniform();
        var heartRate = rhythm < 0.08 ? random.Uniform(44, 59) : rhythm < 0.15 ? random.Uniform(101, 125) : random.Uniform(60, 100);
        // One strength for all findings of a recording, so that its statements can tell it as their likelihood.
        var strength = random.Uniform(0.3, 1);
        return new PlannedRecording
        {
            Id = id,
            Patient = patient,
            Seed = random.NextUInt64(),
            Options = new SyntheticOptions
            {
                Statements = patient.Findings,
                Strength = strength,
                AffectedBeats = affectedBeats,
                HeartRate = heartRate,
                BaselineWander = SyntheticEcg.LogUniform(random, 0.01, 0.2),
                MuscleNoise = SyntheticEcg.LogUniform(random, 0.004, 0.03),
                PatientSeed = patient.Seed,
            },
            Statements = StatementsOf(patient.Findings, strength, heartRate),
        };
    }

    private static Statement[] StatementsOf(IReadOnlyList<string> findings, double strength, double heartRate)
    {
        var likelihood = strength > 0.7 ? 100 : strength > 0.45 ? 80 : 50;
        IEnumerable<Statement> diagnoses = findings.Count == 0
            ? [new Statement("NORM", 100)]
            : findings.Select(f => new Statement(f, likelihood));
        // As in PTB-XL, the likelihood of form and rhythm is not known, which it writes as 0.
        var forms = findings.SelectMany(f => Pathology.Of(f).Form).Distinct().Select(f => new Statement(f, 0));
        return [.. diagnoses, .. forms, new Statement(heartRate < 60 ? "SBRAD" : heartRate > 100 ? "STACH" : "SR", 0)];
    }

    /// <summary>Puts patients where their kind is rarest, so that every fold has its share of every abnormality.</summary>
    private sealed class FoldBalance
    {
        private readonly Dictionary<string, int[]> _byKind = [];
        private readonly int[] _all = new int[Folds];

        public int Emptiest(IReadOnlyList<string> findings)
        {
            var kind = OfKind(findings);
            return Enumerable.Range(0, Folds).MinBy(f => (kind[f], _all[f])) + 1;
        }

        public void Count(PlannedPatient patient)
        {
            OfKind(patient.Findings)[patient.Fold - 1]++;
            _all[patient.Fold - 1]++;
        }

        private int[] OfKind(IReadOnlyList<string> findings)
        {
            var kind = string.Join("+", findings);
            if (!_byKind.TryGetValue(kind, out var counts))
                _byKind[kind] = counts = new int[Folds];
            return counts;
        }
    }
}
