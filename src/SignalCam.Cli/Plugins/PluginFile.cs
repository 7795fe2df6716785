using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using SignalCam.Core.Files;
using SignalCam.Sdk;

namespace SignalCam.Cli.Plugins;

/// <summary>An assembly with plug-ins. Loading it runs its code with all rights that the person who called the tool has.</summary>
internal static class PluginFile
{
    private const string Assembly = "an assembly of plug-ins";
    private const string SdkPrefix = "SignalCam.";

    /// <summary>Loads an assembly and makes its plug-in classes, in the order of their names.</summary>
    /// <exception cref="PluginLoadException">It cannot be used; the message says why.</exception>
    public static IReadOnlyList<ISignalCamPlugin> Load(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new PluginLoadException(path, null, Directory.Exists(path) ? "a folder" : "no such file", Assembly);
        RequireThisSdk(path);
        var types = TypesOf(path).Where(IsPlugin).OrderBy(type => type.FullName, StringComparer.Ordinal).ToArray();
        return types.Length > 0
            ? [.. types.Select(type => Create(path, type))]
            : throw new PluginLoadException(
                path, null, "no plug-in class",
                $"a public class that implements {typeof(ISignalCamPlugin).FullName} and has a public constructor without parameters");
    }

    /// <summary>Registers what a plug-in class has.</summary>
    /// <exception cref="PluginLoadException">The class fails.</exception>
    public static void Configure(ISignalCamPlugin plugin, ISignalCamBuilder builder)
    {
        try
        {
            plugin.Configure(builder);
        }
        // Whatever somebody else's code throws: the file and the class are named, and the cause is kept.
        catch (Exception e)
        {
            throw Failed(plugin.GetType().Assembly.Location, plugin.GetType(), nameof(ISignalCamPlugin.Configure), e);
        }
    }

    private static bool IsPlugin(Type type) =>
        type is { IsPublic: true, IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(ISignalCamPlugin).IsAssignableFrom(type)
        && type.GetConstructor(Type.EmptyTypes) is not null;

    /// <summary>
    /// Reads which SDK the assembly was built with before any of it is loaded: afterwards a difference would show as a missing method,
    /// somewhere.
    /// </summary>
    private static void RequireThisSdk(string path)
    {
        var here = typeof(ISignalCamPlugin).Assembly.GetName().Version!;
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            if (!file.HasMetadata)
                throw new PluginLoadException(path, null, "a program that is not .NET's", Assembly);
            var reader = file.GetMetadataReader();
            foreach (var handle in reader.AssemblyReferences)
            {
                var reference = reader.GetAssemblyReference(handle);
                var name = reader.GetString(reference.Name);
                if (name.StartsWith(SdkPrefix, StringComparison.OrdinalIgnoreCase) && !Fits(reference.Version, here))
                    throw new PluginLoadException(
                        path, null, $"a reference to {name} {reference.Version.ToString(2)}",
                        $"{here.ToString(2)}, the version of this tool: build the plug-in with its packages");
            }
        }
        catch (BadImageFormatException e)
        {
            throw new PluginLoadException(path, null, "no assembly", Assembly, e);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            var (found, expected) = FileErrors.Describe(e, Assembly);
            throw new PluginLoadException(path, null, found, expected, e);
        }
    }

    /// <summary>
    /// By semantic versioning: before 1.0 every minor version may break, from then on a newer one has what an older one had.
    /// </summary>
    private static bool Fits(Version built, Version here) =>
        built.Major == here.Major && (here.Major == 0 ? built.Minor == here.Minor : built.Minor <= here.Minor);

    private static Type[] TypesOf(string path)
    {
        try
        {
            return new PluginLoadContext(path).LoadFromAssemblyPath(path).GetExportedTypes();
        }
        // A dependency that is not beside the file, or is another version of it than the one that it was built with.
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException or ReflectionTypeLoadException
            or InvalidOperationException)
        {
            throw new PluginLoadException(
                path, null, e.Message,
                "an assembly with what it depends on beside it, as `dotnet publish` or EnableDynamicLoading puts it there", e);
        }
    }

    private static ISignalCamPlugin Create(string path, Type type)
    {
        try
        {
            return (ISignalCamPlugin)Activator.CreateInstance(type)!;
        }
        catch (TargetInvocationException e)
        {
            throw Failed(path, type, "the constructor", e.InnerException ?? e);
        }
        catch (Exception e) when (e is TypeLoadException or MissingMemberException or FileNotFoundException or FileLoadException)
        {
            throw Failed(path, type, "the constructor", e);
        }
    }

    private static PluginLoadException Failed(string path, Type type, string where, Exception e) =>
        new(
            path, $"class {type.FullName}", $"{where} that throws {e.GetType().Name}: {e.Message}",
            "a class that registers its plug-ins", e);
}
