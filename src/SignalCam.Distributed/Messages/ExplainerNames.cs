using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>Explainers as a part of the key of results.</summary>
internal static class ExplainerNames
{
    /// <summary>No explanation is requested.</summary>
    public const string None = "";

    /// <summary>The name, followed by the options as JSON if there are any: "cam", "cam{"kind":"paper"}".</summary>
    public static string Of(ComponentSpec explainer)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        return explainer.ToString();
    }
}
