using System.Numerics;

namespace SignalCam.Core.Synthetic;

/// <summary>A Gaussian wave of the heart's dipole, with its own width on either side.</summary>
/// <param name="Peak">Dipole at the peak in millivolts: X to the left, Y to the feet, Z to the back.</param>
/// <param name="Center">Seconds from the R peak.</param>
/// <param name="Rise">Standard deviation before the peak, in seconds.</param>
/// <param name="Fall">Standard deviation after the peak, in seconds.</param>
internal readonly record struct Wave(Vector3 Peak, double Center, double Rise, double Fall)
{
    public Wave(Vector3 peak, double center, double width)
        : this(peak, center, width, width)
    {
    }
}

/// <summary>
/// The form of one heart beat: a dipole that moves in time, as a sum of Gaussian waves (McSharry et al. 2003,
/// doi 10.1109/TBME.2003.808805, in the three dimensions of Sameni et al. 2007, doi 10.1155/2007/43407), and an ST segment.
/// </summary>
internal sealed class BeatShape
{
    public List<Wave> Atria { get; } = [];

    public List<Wave> Ventricles { get; } = [];

    /// <summary>The injury dipole between the end of QRS and the T wave.</summary>
    public Vector3 Segment { get; set; }

    /// <summary>The dipole at the peak of the T wave.</summary>
    public Vector3 Repolarisation { get; set; }

    /// <summary>Start of QRS in seconds from the R peak; negative.</summary>
    public double QrsStart { get; set; }

    /// <summary>End of QRS in seconds from the R peak.</summary>
    public double QrsEnd { get; set; }

    /// <summary>QT interval at a heart rate of 60, in seconds.</summary>
    public double CorrectedQt { get; set; }

    /// <summary>End of the T wave in seconds from the R peak, by Bazett's formula (QT = QTc x square root of RR).</summary>
    public double RecoveryEnd(double rr) => QrsStart + CorrectedQt * Math.Sqrt(Math.Clamp(rr, 0.45, 1.3));

    /// <summary>A healthy heart, before the axis and voltages of a patient.</summary>
    public static BeatShape Normal(Anatomy anatomy)
    {
        var w = anatomy.QrsWidth;
        var shape = new BeatShape
        {
            QrsStart = -0.042 * w,
            QrsEnd = 0.046 * w,
            CorrectedQt = anatomy.CorrectedQt,
            Segment = anatomy.Segment,
            Repolarisation = new Vector3(0.34f, 0.22f, -0.12f) * (float)anatomy.RecoveryVoltage,
        };
        // Right atrium, then left; septum, free wall, base.
        shape.Atria.Add(new Wave(new Vector3(0.035f, 0.085f, -0.035f), 0.035 - anatomy.PrInterval, 0.018));
        shape.Atria.Add(new Wave(new Vector3(0.055f, 0.055f, 0.035f), 0.068 - anatomy.PrInterval, 0.018));
        shape.Ventricles.Add(new Wave(new Vector3(-0.14f, -0.05f, -0.26f) * (float)anatomy.SeptalVoltage, -0.024 * w, 0.0085 * w));
        shape.Ventricles.Add(new Wave(new Vector3(1.10f, 0.75f, 0.28f), 0, 0.0115 * w));
        shape.Ventricles.Add(new Wave(new Vector3(-0.26f, -0.12f, 0.55f) * (float)anatomy.BasalVoltage, 0.024 * w, 0.0105 * w));
        return shape;
    }
}

/// <summary>One beat of a rhythm.</summary>
/// <param name="Time">For the R peak, in seconds from the start of the recording; may lie outside of it.</param>
/// <param name="Rr">Seconds from the R peak before.</param>
/// <param name="Gain">How much larger than average the breathing chest makes it.</param>
internal readonly record struct Beat(double Time, double Rr, double Gain);
