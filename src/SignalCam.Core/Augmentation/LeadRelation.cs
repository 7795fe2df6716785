namespace SignalCam.Core.Augmentation;

/// <summary>The relation between leads of noise that is added to a recording.</summary>
internal enum LeadRelation
{
    /// <summary>As published: each lead separately. The noise breaks III = II - I and the relations of the augmented leads.</summary>
    Independent,

    /// <summary>
    /// As an amplifier records it: noise enters I, II and V1 to V6; III, aVR, aVL and aVF receive it by Einthoven's and Goldberger's
    /// relations. Leads with other names get independent noise.
    /// </summary>
    Consistent,
}

/// <summary>How the limb leads follow from I and II.</summary>
internal static class LimbLeads
{
    /// <summary>
    /// Whether a lead is a combination of I and II, and which: lead = <paramref name="ofI"/> x I + <paramref name="ofII"/> x II.
    /// </summary>
    public static bool TryDerive(string lead, out float ofI, out float ofII)
    {
        (ofI, ofII) = Is(lead, "I") ? (1, 0)
            : Is(lead, "II") ? (0, 1)
            : Is(lead, "III") ? (-1, 1)
            : Is(lead, "aVR") ? (-0.5f, -0.5f)
            : Is(lead, "aVL") ? (1, -0.5f)
            : Is(lead, "aVF") ? (-0.5f, 1)
            : (0f, 0f);
        return ofI != 0 || ofII != 0;
    }

    private static bool Is(string lead, string name) => string.Equals(lead, name, StringComparison.OrdinalIgnoreCase);
}
