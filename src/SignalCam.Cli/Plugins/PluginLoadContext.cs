using System.Reflection;
using System.Runtime.Loader;
using SignalCam.Sdk;

namespace SignalCam.Cli.Plugins;

/// <summary>
/// Where a file of plug-ins and what it depends on live: two files may bring different versions of the same library. The SDK, TorchSharp
/// and the Microsoft.Extensions libraries are the tool's, so that a plug-in's types are those that the tool knows.
/// </summary>
internal sealed class PluginLoadContext(string path) : AssemblyLoadContext($"plug-in {Path.GetFileName(path)}")
{
    private static readonly string[] s_shared = ["SignalCam.", "Microsoft.Extensions.", "TorchSharp."];

    private readonly AssemblyDependencyResolver _dependencies = new(path);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (IsShared(assemblyName.Name!))
            try
            {
                // Without its version: a plug-in that was built with another patch of a library gets the tool's.
                return GetLoadContext(typeof(ISignalCamPlugin).Assembly)!.LoadFromAssemblyName(new AssemblyName(assemblyName.Name!));
            }
            catch (FileNotFoundException)
            {
                // A library of that family which the tool does not have is the plug-in's own, such as Microsoft.Extensions.Http.
            }
        return _dependencies.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _dependencies.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;

    private static bool IsShared(string name) =>
        Array.Exists(s_shared, prefix => (name + ".").StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
