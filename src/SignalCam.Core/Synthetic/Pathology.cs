using System.Numerics;
using SignalCam.Abstractions;

namespace SignalCam.Core.Synthetic;

/// <summary>Which part of the beat a pathology changes.</summary>
internal enum BeatPart
{
    /// <summary>ST segment and T wave.</summary>
    Repolarisation,

    /// <summary>QRS complex, ST segment and T wave.</summary>
    WholeVentricle,
}

/// <summary>An abnormality as a change of the heart's dipole.</summary>
/// <param name="Statement">PTB-XL's statement.</param>
/// <param name="Class">PTB-XL's diagnostic class.</param>
/// <param name="Leads">The leads by which it is diagnosed.</param>
/// <param name="Part">What of a beat it changes.</param>
/// <param name="Form">PTB-XL's form statements that go with it.</param>
/// <param name="Change">Changes a beat, given the strength and a source of variation.</param>
internal sealed record Pathology(
    string Statement, string Class, string[] Leads, BeatPart Part, string[] Form, Action<BeatShape, float, EcgRandom> Change)
{
    // Criteria after Thygesen et al. 2018 (doi 10.1161/CIR.0000000000000617) for infarction and Surawicz et al. 2009,
    // Rautaharju et al. 2009, Hancock et al. 2009 (doi 10.1161/CIRCULATIONAHA.108.191095, .191096, .191097) for the rest.
    public static IReadOnlyList<Pathology> All { get; } =
    [
        new("IMI", "MI", ["II", "III", "aVF"], BeatPart.WholeVentricle, ["QWAVE"],
            (b, s, r) => Infarct(b, s, r, necrosis: new(0.02f, -0.60f, 0), injury: new(-0.03f, 0.17f, 0))),
        new("ASMI", "MI", ["V1", "V2", "V3", "V4"], BeatPart.WholeVentricle, ["QWAVE"],
            (b, s, r) => Infarct(b, s, r, necrosis: new(-0.10f, 0, 0.55f), injury: new(0.03f, 0, -0.16f))),
        new("LMI", "MI", ["I", "aVL", "V5", "V6"], BeatPart.WholeVentricle, ["QWAVE"],
            (b, s, r) => Infarct(b, s, r, necrosis: new(-0.55f, 0.12f, -0.05f), injury: new(0.16f, -0.03f, 0))),
        new("ISCAL", "STTC", ["I", "aVL", "V3", "V4", "V5", "V6"], BeatPart.Repolarisation, ["STD_"], SubendocardialIschaemia),
        new("NDT", "STTC", ["I", "II", "V3", "V4", "V5", "V6"], BeatPart.Repolarisation, ["NT_"], InvertedT),
        new("CRBBB", "CD", ["I", "V1", "V2", "V6"], BeatPart.WholeVentricle, [], RightBundleBranchBlock),
        new("CLBBB", "CD", ["I", "aVL", "V1", "V2", "V5", "V6"], BeatPart.WholeVentricle, [], LeftBundleBranchBlock),
        new("LVH", "HYP", ["I", "aVL", "V1", "V2", "V5", "V6"], BeatPart.WholeVentricle, ["HVOLT"], LeftHypertrophy),
        new("RVH", "HYP", ["V1", "V2", "V3"], BeatPart.WholeVentricle, [], RightHypertrophy),
    ];

    /// <exception cref="ArgumentException">There is no such statement; the message lists those there are.</exception>
    public static Pathology Of(string statement) =>
        All.FirstOrDefault(p => p.Statement == statement)
        ?? throw new ArgumentException(
            $"no abnormality '{statement}' can be planted; there are {string.Join(", ", All.Select(p => p.Statement))}");

    /// <summary>
    /// Dead muscle: the first forces point away from it (a wide Q wave) and the main force loses its share. At its border injury
    /// lifts ST towards it while it is fresh; T turns away from it as it heals.
    /// </summary>
    private static void Infarct(BeatShape beat, float strength, EcgRandom random, Vector3 necrosis, Vector3 injury)
    {
        var fresh = (float)random.Uniform(0.15, 1);
        beat.Ventricles.Add(new Wave(strength * necrosis, beat.QrsStart + 0.022, 0.011, 0.013));
        beat.Ventricles.Add(new Wave(0.35f * strength * necrosis, 0.006, 0.012));
        beat.Segment += strength * fresh * injury;
        var direction = Vector3.Normalize(injury);
        var turned = (0.25f + 0.25f * (1 - fresh)) * strength;
        beat.Repolarisation -= direction * (Math.Max(0, Vector3.Dot(beat.Repolarisation, direction)) * strength + turned * 0.5f);
    }

    private static void SubendocardialIschaemia(BeatShape beat, float strength, EcgRandom random)
    {
        beat.Segment += strength * new Vector3(-0.16f, -0.05f, 0.05f);
        beat.Repolarisation *= 1 - strength * (float)random.Uniform(0.5, 1.1);
    }

    /// <summary>T is flat where the change is slight, and inverted where it is marked.</summary>
    private static void InvertedT(BeatShape beat, float strength, EcgRandom random) =>
        beat.Repolarisation *= 1 - strength * (float)random.Uniform(1.8, 2.4);

    /// <summary>The right ventricle follows late: a slow last force to the right and front (rSR' in V1, wide S in I and V6).</summary>
    private static void RightBundleBranchBlock(BeatShape beat, float strength, EcgRandom random)
    {
        var size = 0.5f + 0.5f * strength;
        Scale(beat.Ventricles, 2, 0.4f);
        beat.Ventricles.Add(new Wave(size * new Vector3(-0.48f, -0.05f, -0.62f), 0.056, 0.015, 0.020));
        beat.QrsEnd += 0.045;
        beat.CorrectedQt += 0.02;
        beat.Repolarisation += strength * (float)random.Uniform(0.6, 1.2) * new Vector3(0.03f, 0, 0.17f);
    }

    /// <summary>
    /// The left ventricle is reached through the septum: no septal force, a slow notched one to the left and back; ST and T oppose it.
    /// </summary>
    private static void LeftBundleBranchBlock(BeatShape beat, float strength, EcgRandom random)
    {
        var size = (float)random.Uniform(0.85, 1.15);
        var slowness = 0.85 + 0.25 * strength;
        beat.Ventricles.Clear();
        beat.Ventricles.Add(new Wave(size * new Vector3(0.45f, 0.25f, 0.35f), -0.014, 0.013 * slowness));
        beat.Ventricles.Add(new Wave(size * new Vector3(0.62f, 0.18f, 1.00f), 0.018, 0.017 * slowness));
        beat.Ventricles.Add(new Wave(size * new Vector3(0.72f, 0.05f, 0.55f), 0.058, 0.017 * slowness, 0.015 * slowness));
        beat.QrsEnd = 0.070 + 0.030 * slowness;
        beat.CorrectedQt += 0.045;
        beat.Segment += new Vector3(-0.07f, -0.02f, -0.12f) * size * (0.5f + 0.5f * strength);
        beat.Repolarisation = new Vector3(-0.26f, -0.02f, -0.34f) * size * (0.6f + 0.4f * strength);
    }

    /// <summary>More muscle on the left: larger and slightly later forces to the left and back; with strain ST and T oppose them.</summary>
    private static void LeftHypertrophy(BeatShape beat, float strength, EcgRandom random)
    {
        var growth = 1 + strength * (float)random.Uniform(0.7, 1.1);
        Scale(beat.Ventricles, 1, growth);
        Scale(beat.Ventricles, 2, 1 + 0.6f * (growth - 1));
        beat.Ventricles.Add(new Wave(strength * new Vector3(0.25f, -0.05f, 0.45f), 0.008, 0.014));
        beat.QrsEnd += 0.01;
        // The left atrium grows with it: P is wide in II and turns negative late in V1.
        beat.Atria.Add(new Wave(strength * new Vector3(0.03f, 0.02f, 0.09f), beat.Atria[1].Center + 0.022, 0.018));
        var strain = strength * (float)random.Uniform(0.7, 1.1);
        beat.Segment += strain * new Vector3(-0.11f, -0.03f, -0.04f);
        beat.Repolarisation += strain * new Vector3(-0.55f, -0.20f, -0.10f);
    }

    /// <summary>
    /// More muscle on the right: the main force turns right and to the front (tall R in V1, deep S in V6); strain turns T in V1 to V3.
    /// </summary>
    private static void RightHypertrophy(BeatShape beat, float strength, EcgRandom random)
    {
        Scale(beat.Ventricles, 1, 1 - 0.35f * strength);
        Scale(beat.Ventricles, 2, 1 - 0.7f * strength);
        beat.Ventricles.Add(new Wave(strength * new Vector3(-0.35f, 0.25f, -0.95f), -0.004, 0.014));
        beat.Ventricles.Add(new Wave(strength * new Vector3(-0.55f, 0.05f, -0.10f), 0.026, 0.011));
        // The right atrium grows with it: P is tall and peaked in II.
        beat.Atria.Add(new Wave(strength * new Vector3(0, 0.10f, -0.04f), beat.Atria[0].Center + 0.008, 0.015));
        beat.Segment += strength * new Vector3(0, -0.02f, 0.05f);
        beat.Repolarisation += strength * (float)random.Uniform(0.7, 1.2) * new Vector3(0.02f, -0.08f, 0.33f);
    }

    private static void Scale(List<Wave> waves, int index, float factor)
    {
        // A left bundle branch block or an infarct may have come before: only what is there can grow.
        if (index < waves.Count)
            waves[index] = waves[index] with { Peak = factor * waves[index].Peak };
    }
}
