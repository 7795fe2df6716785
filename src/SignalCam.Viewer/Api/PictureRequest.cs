using Microsoft.AspNetCore.Mvc;
using SignalCam.Reporting;
using SignalCam.Viewer.Explanations;
using SignalCam.Viewer.Recordings;

namespace SignalCam.Viewer.Api;

/// <summary>Which picture a request asks for, and where what is in it comes from.</summary>
/// <param name="Id">The recording's id.</param>
/// <param name="Store">Where recordings are.</param>
/// <param name="Models">Where models are.</param>
/// <param name="Class">The class that is explained; null for the one that is most above its threshold.</param>
/// <param name="Explainer">The explainer's name.</param>
/// <param name="Model">The model's name; null for the host's default one.</param>
/// <param name="Layout">How the leads are put on the sheet.</param>
/// <param name="Gain">Millimetres for a millivolt.</param>
/// <param name="Speed">Millimetres for a second.</param>
/// <param name="Heat">Whether the heat map is drawn.</param>
/// <param name="Calipers">Measured distances, as <see cref="CaliperList"/> reads them.</param>
internal sealed record PictureRequest(
    [FromRoute(Name = "id")] string Id,
    RecordingStore Store,
    ViewerModels Models,
    [FromQuery(Name = "class")] string? Class = null,
    [FromQuery(Name = "explainer")] string Explainer = "cam",
    [FromQuery(Name = "model")] string? Model = null,
    [FromQuery(Name = "layout")] EcgLayout Layout = EcgLayout.Stacked,
    [FromQuery(Name = "gain")] double Gain = 10,
    [FromQuery(Name = "speed")] double Speed = EcgScale.MillimetresPerSecond,
    [FromQuery(Name = "heat")] bool Heat = true,
    [FromQuery(Name = "calipers")] string? Calipers = null);
