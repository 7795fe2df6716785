using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SignalCam.Core.Files;

/// <summary>File functions missing from .NET on Linux and macOS: the kind of a file, and opening it without blocking.</summary>
internal static partial class UnixFile
{
    // errno(3): the same on Linux and macOS.
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int AccessDenied = 13;
    private const int NoFolder = 20;

    // open(2): read only, without waiting, not handed on to child processes, never a controlling terminal.
    private const int LinuxFlags = 0x800 | 0x80000 | 0x100;
    private const int MacFlags = 0x4 | 0x1000000 | 0x20000;

    // statx(2).
    private const int CurrentFolder = -100;
    private const uint TypeWanted = 1;
    private const int StatxBytes = 256;
    private const int StatxModeAt = 28;

    // stat(2) of macOS with 64-bit inodes.
    private const int MacStatBytes = 144;
    private const int MacModeAt = 4;

    private const int KindBits = 0xF000;

    /// <summary>The kind of what is at a path, links followed; null if nothing is there or the system does not tell.</summary>
    public static FileKind? KindOf(string path) => ModeOf(path) is not { } mode ? null : (mode & KindBits) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Folder,
        0x1000 => FileKind.Fifo,
        0xC000 => FileKind.Socket,
        0x2000 => FileKind.CharacterDevice,
        0x6000 => FileKind.BlockDevice,
        _ => FileKind.Other,
    };

    /// <summary>
    /// Opens a regular file. Should something else take its place after the look at its kind, opening and reading do not wait all the same.
    /// </summary>
    public static SafeFileHandle Open(string path)
    {
        // Before it is opened: opening alone can have effects on a device.
        var kind = KindOf(path);
        if (kind is not (null or FileKind.Regular))
            throw FileRefusedException.Of(path, kind.Value);
        // A handle of .NET's own open would take part in its advisory locks; these readers look at files that others may hold locked.
        int file, error;
        do
        {
            file = Open(path, OperatingSystem.IsLinux() ? LinuxFlags : MacFlags);
            error = Marshal.GetLastPInvokeError();
        }
        while (file < 0 && error == Interrupted);
        if (file < 0)
            throw Failure(path, error);
        var handle = new SafeFileHandle(file, ownsHandle: true);
        if (kind is not null || CanSeek(handle))
            return handle;
        handle.Dispose();
        throw FileRefusedException.Of(path, FileKind.Other);
    }

    private static ushort? ModeOf(string path)
    {
        Span<byte> status = stackalloc byte[StatxBytes];
        if (OperatingSystem.IsLinux())
            return Statx(path, status) ? MemoryMarshal.Read<ushort>(status[StatxModeAt..]) : null;
        if (OperatingSystem.IsMacOS())
            return Stat(path, status[..MacStatBytes]) == 0 ? MemoryMarshal.Read<ushort>(status[MacModeAt..]) : null;
        return null;
    }

    private static bool Statx(string path, Span<byte> status)
    {
        try
        {
            return Statx(CurrentFolder, path, 0, TypeWanted, ref MemoryMarshal.GetReference(status)) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return false;
        }
    }

    private static int Stat(string path, Span<byte> status) => RuntimeInformation.ProcessArchitecture == Architecture.X64
        ? StatX64(path, ref MemoryMarshal.GetReference(status))
        : Stat(path, ref MemoryMarshal.GetReference(status));

    private static bool CanSeek(SafeFileHandle handle)
    {
        try
        {
            return RandomAccess.GetLength(handle) >= 0;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static Exception Failure(string path, int error) => error switch
    {
        NoEntry => new FileNotFoundException($"{path}: no such file", path),
        NoFolder => new DirectoryNotFoundException($"{path}: no such folder"),
        NotPermitted or AccessDenied => new UnauthorizedAccessException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}"),
        _ => new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}"),
    };

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Stat(string path, ref byte status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX64(string path, ref byte status);
}
