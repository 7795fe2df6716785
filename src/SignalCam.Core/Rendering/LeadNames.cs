using SignalCam.Abstractions;

namespace SignalCam.Core.Rendering;

/// <summary>Lead names as clinicians write and order them.</summary>
internal static class LeadNames
{
    /// <summary>The usual spelling ("AVR" becomes "aVR"); other names as they are.</summary>
    public static string Display(string lead) =>
        SignalLayout.StandardLeads.FirstOrDefault(standard => standard.Equals(lead, StringComparison.OrdinalIgnoreCase)) ?? lead;

    /// <summary>Positions of the leads in the order to show them: standard leads in their usual order, then the others in the recording's.</summary>
    public static IReadOnlyList<int> Order(IReadOnlyList<string> leads) =>
        [.. Enumerable.Range(0, leads.Count).OrderBy(i => Rank(leads[i]))];

    private static int Rank(string lead)
    {
        for (var i = 0; i < SignalLayout.StandardLeads.Count; i++)
            if (SignalLayout.StandardLeads[i].Equals(lead, StringComparison.OrdinalIgnoreCase))
                return i;
        return SignalLayout.StandardLeads.Count;
    }
}
