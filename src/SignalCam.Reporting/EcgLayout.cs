namespace SignalCam.Reporting;

/// <summary>The arrangement of the leads on the sheet.</summary>
public enum EcgLayout
{
    /// <summary>One row per lead, each over the whole recording.</summary>
    Stacked,

    /// <summary>
    /// Three rows of columns that follow each other in time (I II III, aVR aVL aVF, V1 V2 V3, V4 V5 V6), and a rhythm strip over
    /// the whole recording below: the usual clinical print.
    /// </summary>
    ThreeRows,

    /// <summary>Six rows of two columns that follow each other in time: the limb leads, then the chest leads.</summary>
    SixRows,
}
