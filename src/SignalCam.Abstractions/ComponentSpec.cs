using System.Text.Json.Nodes;

namespace SignalCam.Abstractions;

/// <summary>Names a plug-in with its options, as a model file stores it: {"name": "detrend", "options": {"degree": 10}}.</summary>
/// <param name="Name">The plug-in's name (case-insensitive).</param>
/// <param name="Options">Its options; null for the defaults.</param>
public sealed record ComponentSpec(string Name, JsonObject? Options = null);
