namespace SignalCam.Core.Quality;

/// <summary>Measurements of one lead. Voltages in millivolts, times in samples at the rate that is named.</summary>
internal struct LeadStatistics
{
    /// <summary>The lowest sample.</summary>
    public float Min;

    /// <summary>The highest sample.</summary>
    public float Max;

    /// <summary>The mean of the samples that are present.</summary>
    public float Mean;

    /// <summary>Their standard deviation.</summary>
    public float Deviation;

    /// <summary>Samples that are missing (NaN).</summary>
    public int Missing;

    /// <summary>Samples at the lowest value, at the recording's own rate.</summary>
    public int AtMin;

    /// <summary>Samples at the highest value, at the recording's own rate.</summary>
    public int AtMax;

    /// <summary>Where the longest stretch without change begins, at the recording's own rate.</summary>
    public int FlatStart;

    /// <summary>Samples of the longest stretch without change, at the recording's own rate; 0 if there is none of 16 and more.</summary>
    public int FlatLength;

    /// <summary>The mean size of the second difference between the beats, at the working rate.</summary>
    public float Noise;

    /// <summary>By how much the noisiest second exceeds the quietest one, above about 10 Hz and after subtracting the mean beat.</summary>
    public float Burst;

    /// <summary>Where the noisiest second begins, in samples at the working rate.</summary>
    public int BurstStart;

    /// <summary>Peak to peak of the mean over a second.</summary>
    public float Wander;

    /// <summary>The largest step of the mean over a third of a second.</summary>
    public float Jump;

    /// <summary>The mean correlation of the beats with their mean, -1 to 1; 0 without beats.</summary>
    public float TemplateCorrelation;

    /// <summary>Peak to peak of the mean beat.</summary>
    public float BeatAmplitude;

    /// <summary>The share of the samples' fourth moment: 3 for normally distributed noise.</summary>
    public float Kurtosis;

    /// <summary>Highest minus lowest sample.</summary>
    public readonly float Range => Max - Min;
}
