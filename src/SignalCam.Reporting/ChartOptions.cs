namespace SignalCam.Reporting;

/// <summary>Size, heading and axis labels of a chart.</summary>
public record ChartOptions
{
    /// <summary>Heading; default empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>Label of the horizontal axis, with its unit; null for the chart's own.</summary>
    public string? XLabel { get; init; }

    /// <summary>Label of the vertical axis, with its unit; null for the chart's own.</summary>
    public string? YLabel { get; init; }

    /// <summary>Width in px at 100 %, at least 240; default 540.</summary>
    public double Width { get; init; } = 540;

    /// <summary>
    /// Height in px at 100 %, at least 160; default 340. Charts of horizontal bars and matrices take the height that they need.
    /// </summary>
    public double Height { get; init; } = 340;
}
