using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Indices of the twelve standard leads in a recording; -1 for a missing one.</summary>
internal sealed class StandardLeadPlaces
{
    private readonly int[] _places = new int[SignalLayout.StandardLeads.Count];
    private SignalLayout? _layout;

    /// <summary>The place of a lead.</summary>
    public int this[StandardLead lead] => _places[(int)lead];

    /// <summary>Whether I, II, III, aVR, aVL and aVF are there.</summary>
    public bool HasLimbLeads { get; private set; }

    /// <summary>Whether I, II and V1 to V6 are there, from which the others follow.</summary>
    public bool HasIndependentLeads { get; private set; }

    /// <summary>Finds them; recordings with the same instance of a layout, or of its names, are looked at once.</summary>
    public void Find(SignalLayout layout)
    {
        if (_layout is not null && (ReferenceEquals(layout, _layout) || layout.Equals(_layout)))
            return;
        _layout = layout;
        for (var i = 0; i < _places.Length; i++)
        {
            _places[i] = -1;
            for (var lead = 0; lead < layout.LeadCount; lead++)
                if (string.Equals(layout.Leads[lead], SignalLayout.StandardLeads[i], StringComparison.OrdinalIgnoreCase))
                    _places[i] = lead;
        }
        HasLimbLeads = _places.AsSpan(0, 6).IndexOf(-1) < 0;
        HasIndependentLeads = _places[0] >= 0 && _places[1] >= 0 && _places.AsSpan(6).IndexOf(-1) < 0;
    }
}

/// <summary>The twelve standard leads, in the order of <see cref="SignalLayout.StandardLeads"/>.</summary>
internal enum StandardLead
{
    I,
    II,
    III,
    AVR,
    AVL,
    AVF,
    V1,
    V2,
    V3,
    V4,
    V5,
    V6,
}
