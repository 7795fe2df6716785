namespace SignalCam.Fuzz.Running;

/// <summary>An input that the product did not take as it should.</summary>
/// <param name="Seed">The number it is made from.</param>
/// <param name="What">What happened.</param>
public sealed record Finding(ulong Seed, string What);

/// <summary>How a run of one kind went.</summary>
public sealed class FuzzReport
{
    /// <summary>Inputs that were given to the product.</summary>
    public long Cases { get; set; }

    /// <summary>Those that it took.</summary>
    public long Taken { get; set; }

    /// <summary>Those that it refused by an exception of its own.</summary>
    public long Refused { get; set; }

    /// <summary>Those that it did not take as it should.</summary>
    public List<Finding> Findings { get; init; } = [];

    /// <summary>The most processor time of an input.</summary>
    public double MostSeconds { get; set; }

    /// <summary>The most bytes that were allocated for an input.</summary>
    public long MostBytes { get; set; }

    /// <summary>Adds another run's counts.</summary>
    public void Add(FuzzReport other)
    {
        (Cases, Taken, Refused) = (Cases + other.Cases, Taken + other.Taken, Refused + other.Refused);
        Findings.AddRange(other.Findings);
        (MostSeconds, MostBytes) = (Math.Max(MostSeconds, other.MostSeconds), Math.Max(MostBytes, other.MostBytes));
    }
}
