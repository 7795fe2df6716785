namespace SignalCam.Sdk.Diagnostics;

/// <summary>Knows how the host's models stand, for diagnostics to ask.</summary>
internal interface IModelStates
{
    /// <summary>Each model's state, by name.</summary>
    IReadOnlyList<ModelState> States();
}
