using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;

namespace SignalCam.Core.Signals;

/// <summary>Picks and derives the leads that are wanted from those a recording has.</summary>
/// <remarks>
/// <para>Names are compared ignoring case. Where no lead has the very name, one of the same meaning is taken ("ECG aVR", "C1", "DII"; see
/// <see cref="LeadNames.Normalize"/>). Nothing is guessed: MLII (a modified lead), -aVR (inverted) and "signal 1" are leads of their
/// own.</para>
/// <para>A limb lead that is not there is derived from any two that are, I and II first, by Einthoven's law and Goldberger's definitions:
/// III = II - I, aVR = -(I + II) / 2, aVL = I - II / 2, aVF = II - I / 2.</para>
/// <para>Safe for concurrent callers.</para>
/// </remarks>
public static class LeadMap
{
    private static readonly string[] LimbLeadNames = [.. SignalLayout.StandardLeads.Where(lead => LimbLeads.TryDerive(lead, out _, out _))];

    /// <summary>The recording with the wanted leads in the wanted order.</summary>
    /// <param name="signal">A recording; stays as it is.</param>
    /// <param name="leads">Names of the wanted leads, at least one, distinct ignoring case; the result's leads are called so.</param>
    /// <returns>Same length and rate, millivolt; the same instance when it has just these leads in this order (ignoring case).</returns>
    /// <exception cref="SignalMismatchException">
    /// A lead is not there and cannot be derived, or two recorded leads could be it; the message names each, and the leads there are.
    /// </exception>
    /// <exception cref="ArgumentException">No lead is wanted, or one twice.</exception>
    public static EcgSignal Select(EcgSignal signal, IReadOnlyList<string> leads)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(leads);
        if (signal.Leads.SequenceEqual(leads, StringComparer.OrdinalIgnoreCase))
            return signal;
        var layout = new SignalLayout(leads, signal.Length, signal.SamplingRate);
        var sources = FindSources(signal.Leads, leads);
        var samples = new float[checked(leads.Count * signal.Length)];
        for (var lead = 0; lead < leads.Count; lead++)
            sources[lead].Write(signal, samples.AsSpan(lead * signal.Length, signal.Length));
        return new EcgSignal(samples, layout);
    }

    private static List<Source> FindSources(IReadOnlyList<string> recorded, IReadOnlyList<string> wanted)
    {
        var meanings = LeadNames.Meanings(recorded);
        // Only looked for when a lead has to be derived: an ambiguous limb lead is no reason to refuse to pick V1.
        (string Lead, int Index)[]? limbs = null;
        var sources = new List<Source>(wanted.Count);
        var missing = new List<string>();
        foreach (var lead in wanted)
        {
            if (Find(recorded, meanings, lead) is >= 0 and var index)
            {
                sources.Add(new Source(index, 1, index, 0));
                continue;
            }
            limbs ??= [.. LimbLeadNames.Select(limb => (Lead: limb, Index: Find(recorded, meanings, limb))).Where(limb => limb.Index >= 0)];
            if (limbs.Length >= 2 && LimbLeads.TryDerive(Meaning(lead), out var ofI, out var ofII))
                sources.Add(Derive(limbs[0], limbs[1], ofI, ofII));
            else
                missing.Add(lead);
        }
        return missing.Count == 0 ? sources : throw Missing(missing, recorded, limbs!.Length);
    }

    private static string Meaning(string lead) => LeadNames.Recognize(lead) ?? lead;

    private static int Find(IReadOnlyList<string> recorded, string[] meanings, string lead)
    {
        for (var i = 0; i < recorded.Count; i++)
            if (string.Equals(recorded[i], lead, StringComparison.OrdinalIgnoreCase))
                return i;
        var meaning = Meaning(lead);
        var found = -1;
        for (var i = 0; i < meanings.Length; i++)
        {
            if (!string.Equals(meanings[i], meaning, StringComparison.OrdinalIgnoreCase))
                continue;
            if (found >= 0)
                throw new SignalMismatchException(
                    $"lead {lead} could be '{recorded[found]}' or '{recorded[i]}'; there are {string.Join(", ", recorded)}", [lead]);
            found = i;
        }
        return found;
    }

    /// <summary>Solves a x first + b x second = ofI x I + ofII x II, for limb leads that are themselves combinations of I and II.</summary>
    private static Source Derive((string Lead, int Index) first, (string Lead, int Index) second, double ofI, double ofII)
    {
        LimbLeads.TryDerive(first.Lead, out var firstI, out var firstII);
        LimbLeads.TryDerive(second.Lead, out var secondI, out var secondII);
        // The axes of the six leads lie 30 degrees apart or more, so that this is never near 0.
        double determinant = (firstI * secondII) - (firstII * secondI);
        var a = ((ofI * secondII) - (ofII * secondI)) / determinant;
        var b = ((firstI * ofII) - (firstII * ofI)) / determinant;
        return new Source(first.Index, a, second.Index, b);
    }

    private static SignalMismatchException Missing(List<string> missing, IReadOnlyList<string> recorded, int limbCount)
    {
        var derivable = missing.Where(lead => LimbLeads.TryDerive(Meaning(lead), out _, out _)).ToArray();
        var why = derivable.Length == 0
            ? ""
            : $"; {string.Join(", ", derivable)} would follow from two limb leads, there {(limbCount == 0 ? "is none" : "is one")}";
        return new SignalMismatchException(
            $"the recording has no lead {string.Join(", ", missing)}; there are {string.Join(", ", recorded)}{why}", missing);
    }

    /// <summary>Where a lead comes from: a x one recorded lead + b x another.</summary>
    private readonly record struct Source(int First, double A, int Second, double B)
    {
        public void Write(EcgSignal signal, Span<float> destination)
        {
            var first = signal.Lead(First);
            var second = signal.Lead(Second);
            if (First == Second)
            {
                first.CopyTo(destination);
                return;
            }
            for (var t = 0; t < destination.Length; t++)
                destination[t] = (float)((A * first[t]) + (B * second[t]));
        }
    }
}
