using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SignalCam.Core.Files;

/// <summary>
/// The same on Windows, where opening a pipe or a device does not wait, so that the open handle can be requested its kind.
/// </summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsFile
{
    private const int Disk = 1;
    private const int Character = 2;

    public static SafeFileHandle Open(string path)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (NotSupportedException)
        {
            // CON, NUL, COM1 and the like.
            throw FileRefusedException.Of(path, FileKind.CharacterDevice);
        }
        var type = GetFileType(handle);
        if (type == Disk)
            return handle;
        handle.Dispose();
        throw FileRefusedException.Of(path, type == Character ? FileKind.CharacterDevice : FileKind.Fifo);
    }

    /// <summary>Whether a path is a folder; pipes and devices are found when they are opened.</summary>
    public static FileKind? KindOf(string path) => Directory.Exists(path) ? FileKind.Folder : null;

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int GetFileType(SafeFileHandle file);
}
