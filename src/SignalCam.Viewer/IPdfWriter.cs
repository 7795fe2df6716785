namespace SignalCam.Viewer;

/// <summary>
/// Makes a PDF of a picture. A host that registers one as a service has the viewer offer PDF; the viewer's package itself brings no
/// graphics library. `signalcam view` registers one that uses SignalCam.Imaging.
/// </summary>
/// <remarks>Called by several requests at once.</remarks>
public interface IPdfWriter
{
    /// <summary>Writes a picture as a page of its own size.</summary>
    /// <param name="title">The document's title.</param>
    /// <param name="svg">The picture, width and height in mm.</param>
    /// <returns>The file.</returns>
    byte[] Write(string title, string svg);
}
