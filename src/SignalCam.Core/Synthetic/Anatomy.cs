using System.Numerics;
using SignalCam.Abstractions;

namespace SignalCam.Core.Synthetic;

/// <summary>What differs between healthy people: axis, voltages, intervals, where the chest electrodes sit.</summary>
internal sealed class Anatomy
{
    // Frank's X, Y, Z to the eight independent leads I, II, V1 to V6 (Dower, Machado, Osborne, Clin. Cardiol. 3:87, 1980).
    private static readonly Vector3[] Dower =
    [
        new(0.632f, -0.235f, 0.059f), new(0.235f, 1.066f, -0.132f),
        new(-0.515f, 0.157f, -0.917f), new(0.044f, 0.164f, -1.387f), new(0.882f, 0.098f, -1.277f),
        new(1.213f, 0.127f, -0.601f), new(1.125f, 0.127f, -0.086f), new(0.831f, 0.076f, 0.230f),
    ];

    private Anatomy(EcgRandom random)
    {
        QrsWidth = random.Uniform(0.88, 1.12);
        PrInterval = random.Uniform(0.13, 0.19);
        CorrectedQt = random.Uniform(0.37, 0.43);
        RecoveryVoltage = random.Uniform(0.4, 1.4);
        SeptalVoltage = random.Uniform(0.35, 1.25);
        BasalVoltage = random.Uniform(0.5, 1.4);
        Axis = random.Uniform(-38, 38);
        // ST is a little up or down in healthy people too (early repolarisation, a fast heart).
        Segment = new Vector3((float)random.Normal(), (float)random.Normal(), (float)random.Normal()) * 0.02f;
        // The main force of Normal points 34 degrees down from the left; turning it gives a frontal axis of about 0 to 70 degrees.
        var turn = Quaternion.CreateFromAxisAngle(Vector3.UnitZ, (float)(Axis * Math.PI / 180))
            * Quaternion.CreateFromAxisAngle(Vector3.UnitY, (float)(random.Uniform(-20, 20) * Math.PI / 180));
        var voltage = (float)random.Uniform(0.75, 1.25);
        for (var lead = 0; lead < Dower.Length; lead++)
        {
            // The chest electrodes' distance from the heart varies; the limbs' does not.
            var gain = voltage * (lead < 2 ? 1 : (float)random.Uniform(0.8, 1.2));
            LeadField[lead] = gain * Vector3.Transform(Dower[lead], Quaternion.Inverse(turn));
        }
    }

    /// <summary>QRS duration relative to 88 ms.</summary>
    public double QrsWidth { get; }

    /// <summary>Start of the P wave to the R peak, in seconds.</summary>
    public double PrInterval { get; }

    /// <summary>QT interval at a heart rate of 60, in seconds.</summary>
    public double CorrectedQt { get; }

    /// <summary>Height of the T wave relative to the average.</summary>
    public double RecoveryVoltage { get; }

    /// <summary>Size of the first, septal force relative to the average.</summary>
    public double SeptalVoltage { get; }

    /// <summary>Size of the last, basal force relative to the average.</summary>
    public double BasalVoltage { get; }

    /// <summary>The dipole of the ST segment in millivolts.</summary>
    public Vector3 Segment { get; }

    /// <summary>Turn of the heart in the frontal plane in degrees; positive is towards the feet.</summary>
    public double Axis { get; }

    /// <summary>What I, II, V1 to V6 see of a dipole: lead = field . dipole.</summary>
    public Vector3[] LeadField { get; } = new Vector3[8];

    public static Anatomy Of(ulong patientSeed) => new(new EcgRandom(patientSeed));
}
