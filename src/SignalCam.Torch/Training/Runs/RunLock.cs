using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Core.Files;

namespace SignalCam.Torch.Training.Runs;

/// <summary>
/// Restricts a run folder to one training with a file that is held open. The system releases it when the process ends, however it ends,
/// so that a killed training can be resumed at once.
/// </summary>
internal sealed class RunLock : IDisposable
{
    public const string FileName = "run.lock";

    private const long MostBytes = 1 << 12;

    // A lock of flock(2) on Linux and on macOS; ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.
    private static readonly int[] s_held = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of an existing folder, and writes the owner into it.</summary>
    /// <exception cref="TrainingException">Another training has it; the message states which process, and since when.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static RunLock Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        RegularFile.RequireWritable(path);
        FileStream file;
        try
        {
            // On Unix None is the lock. On Windows nobody else may write, and who asks can read who has it.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite,
                OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (s_held.Contains(e.HResult))
        {
            throw new TrainingException($"'{folder}' is in use by {HolderOf(path)}: wait for it, stop it, or choose another folder");
        }
        try
        {
            file.SetLength(0);
            file.Write(JsonSerializer.SerializeToUtf8Bytes(new JsonObject
            {
                ["process"] = Environment.ProcessId,
                ["machine"] = Environment.MachineName,
                ["since"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            }));
            return new RunLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Releases the lock. The file stays: removing it could take away what another process has just locked.</summary>
    public void Dispose() => _file.Dispose();

    private static string HolderOf(string path)
    {
        try
        {
            using var holder = JsonDocument.Parse(RegularFile.ReadAllText(path, MostBytes));
            var said = holder.RootElement;
            return $"process {said.GetProperty("process")} on {said.GetProperty("machine")} since {said.GetProperty("since")}";
        }
        catch (Exception e) when (FileErrors.IsOfFile(e) || e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Looked at before it was written.
            return "another process";
        }
    }
}
