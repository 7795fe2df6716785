using SignalCam.Abstractions;

namespace SignalCam.Formats;

/// <summary>
/// Puts the leads of a recording in the order to show them: the standard leads as usual, then the others in the file's order.
/// </summary>
internal static class StandardLeadOrder
{
    public static EcgRecording Apply(EcgRecording recording)
    {
        var order = Order(recording.Signal.Leads);
        var units = recording.Units.Count == order.Length ? [.. order.Select(i => recording.Units[i])] : recording.Units;
        return recording with
        {
            Signal = Reorder(recording.Signal, order),
            Units = units,
            MedianBeat = recording.MedianBeat is { } beat ? Reorder(beat, Order(beat.Leads)) : null,
        };
    }

    /// <summary>Positions in the recording of the leads in the order to show them.</summary>
    public static int[] Order(IReadOnlyList<string> leads) => [.. Enumerable.Range(0, leads.Count).OrderBy(i => Rank(leads[i]))];

    private static EcgSignal Reorder(EcgSignal signal, int[] order)
    {
        if (IsSorted(order))
            return signal;
        var samples = new float[order.Length * signal.Length];
        for (var lead = 0; lead < order.Length; lead++)
            signal.Lead(order[lead]).CopyTo(samples.AsSpan(lead * signal.Length));
        return new EcgSignal(samples, new SignalLayout([.. order.Select(i => signal.Leads[i])], signal.Length, signal.SamplingRate));
    }

    private static bool IsSorted(int[] order)
    {
        for (var i = 0; i < order.Length; i++)
            if (order[i] != i)
                return false;
        return true;
    }

    private static int Rank(string lead)
    {
        for (var i = 0; i < SignalLayout.StandardLeads.Count; i++)
            if (SignalLayout.StandardLeads[i].Equals(lead, StringComparison.OrdinalIgnoreCase))
                return i;
        return SignalLayout.StandardLeads.Count;
    }
}
