namespace SignalCam.Sdk;

/// <summary>
/// An assembly's plug-ins, for programs that load the assembly at run time: `signalcam --plugin FILE.dll` makes an instance of every
/// public class that implements this and has a public constructor without parameters. A host that references the assembly calls
/// `AddPlugin`.
/// </summary>
/// <example><code>
/// public sealed class MyPlugins : ISignalCamPlugin
/// {
///     public void Configure(ISignalCamBuilder builder) => builder.AddTransform&lt;Clip, ClipOptions&gt;("clip");
/// }
/// </code></example>
public interface ISignalCamPlugin
{
    /// <summary>
    /// Registers datasets, formats, tasks, transforms, augmentations, architectures, heads, explainers, metrics, checks or models.
    /// </summary>
    /// <param name="builder">The builder returned by `AddSignalCam`. Called once for each set of services that the program builds.</param>
    void Configure(ISignalCamBuilder builder);
}
