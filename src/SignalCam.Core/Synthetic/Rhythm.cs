using SignalCam.Abstractions;

namespace SignalCam.Core.Synthetic;

/// <summary>When the heart beats, and what the breathing chest does to it.</summary>
internal static class Rhythm
{
    /// <summary>Sinus rhythm with respiratory arrhythmia and irregularity, from before the start to after the end of a recording.</summary>
    public static List<Beat> Draw(double heartRate, double seconds, EcgRandom random)
    {
        var mean = 60 / heartRate;
        var breaths = random.Uniform(0.2, 0.3);
        var phase = random.Uniform(0, Math.Tau);
        var arrhythmia = random.Uniform(0.005, 0.045);
        var irregularity = random.Uniform(0.004, 0.015);
        var swing = random.Uniform(0.01, 0.06);
        var beats = new List<Beat>();
        for (var time = -random.Uniform() * mean - mean; time < seconds + mean;)
        {
            var breath = Math.Sin(Math.Tau * breaths * time + phase);
            var rr = mean * (1 + arrhythmia * breath + irregularity * random.Normal());
            time += rr;
            beats.Add(new Beat(time, rr, 1 + swing * breath));
        }
        return beats;
    }
}
