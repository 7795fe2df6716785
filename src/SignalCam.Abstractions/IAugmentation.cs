namespace SignalCam.Abstractions;

/// <summary>A random change of a training recording. Not applied in validation, test or use.</summary>
/// <remarks>
/// Stateless and thread-safe: all randomness comes from the <see cref="EcgRandom"/> it is given, which is seeded
/// per record and epoch, so that a run repeats bit for bit whatever the number of threads.
/// </remarks>
public interface IAugmentation
{
    /// <summary>The name it is looked up by (case-insensitive), such as "time-shift".</summary>
    string Name { get; }

    /// <summary>Changes a recording in place.</summary>
    /// <param name="samples">Preprocessed samples, lead-major (lead, time): leads x length values.</param>
    /// <param name="layout">Lead names, length and sampling rate of <paramref name="samples"/>.</param>
    /// <param name="random">The only source of randomness.</param>
    void Apply(Span<float> samples, SignalLayout layout, EcgRandom random);
}
