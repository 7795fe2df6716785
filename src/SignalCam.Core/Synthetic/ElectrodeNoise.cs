using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;

namespace SignalCam.Core.Synthetic;

/// <summary>
/// Baseline wander and muscle noise, made at the nine electrodes (RA, LA, LL, C1 to C6) and led off as an amplifier does, so that all
/// twelve leads stay consistent.
/// </summary>
/// <remarks>Drawn on a grid of 100 Hz and interpolated: a recording has the same noise at any sampling rate.</remarks>
internal static class ElectrodeNoise
{
    private const double GridRate = 100;
    private const int Electrodes = 9;

    /// <summary>Adds the noise to I, II, V1 to V6 (millivolt, lead-major).</summary>
    public static void AddTo(double[][] leads, double samplingRate, double wander, double muscle, EcgRandom random)
    {
        var length = leads[0].Length;
        var grid = (int)Math.Ceiling(length / samplingRate * GridRate) + 2;
        var breaths = random.Uniform(0.2, 0.3);
        var potentials = new float[Electrodes][];
        for (var electrode = 0; electrode < Electrodes; electrode++)
        {
            potentials[electrode] = new float[grid];
            NormalNoise.Fill(potentials[electrode], muscle, random);
            // Breathing, and a slower drift of the electrode.
            AddSine(potentials[electrode], wander * random.Uniform(0.2, 1), breaths, random);
            AddSine(potentials[electrode], wander * random.Uniform(0.2, 1), random.Uniform(0.03, 0.15), random);
        }
        for (var t = 0; t < length; t++)
        {
            var position = t / samplingRate * GridRate;
            var left = (int)position;
            var fraction = position - left;
            double At(int electrode) =>
                potentials[electrode][left] + fraction * (potentials[electrode][left + 1] - potentials[electrode][left]);
            var (ra, la, ll) = (At(0), At(1), At(2));
            // Wilson's central terminal is what the chest electrodes are measured against.
            var terminal = (ra + la + ll) / 3;
            leads[0][t] += la - ra;
            leads[1][t] += ll - ra;
            for (var chest = 0; chest < 6; chest++)
                leads[2 + chest][t] += At(3 + chest) - terminal;
        }
    }

    private static void AddSine(float[] potential, double amplitude, double frequency, EcgRandom random)
    {
        var phase = random.Uniform(0, Math.Tau);
        for (var i = 0; i < potential.Length; i++)
            potential[i] += (float)(amplitude * Math.Sin(Math.Tau * frequency * i / GridRate + phase));
    }
}
