using System.Globalization;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;

namespace SignalCam.Torch.Training.Runs;

/// <summary>The files of one training: checkpoint, figures by epoch and description. See docs/training.md.</summary>
internal sealed class RunFolder
{
    /// <summary>Names the files of a run; nothing is read or written.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="modelPath">The model file, if it is not "model.safetensors" in the folder.</param>
    public RunFolder(string path, string? modelPath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FolderPath = path;
        ModelPath = modelPath ?? Path.Combine(path, "model.safetensors");
    }

    /// <summary>The folder.</summary>
    public string FolderPath { get; }

    /// <summary>The model file with the best epoch.</summary>
    public string ModelPath { get; }

    /// <summary>
    /// The latest checkpoint, last.safetensors: what a training continues from, and a model file of the weights as they were then.
    /// </summary>
    public string CheckpointPath => Path.Combine(FolderPath, "last.safetensors");

    /// <summary>metrics.csv: one row for each finished epoch.</summary>
    public string MetricsPath => Path.Combine(FolderPath, "metrics.csv");

    /// <summary>run.json: options, seed, versions, machine, data fingerprint, times, why it ended.</summary>
    public string DescriptionPath => Path.Combine(FolderPath, "run.json");

    /// <summary>curves.svg: loss and figures by epoch, which the SDK's training service draws.</summary>
    public string CurvesPath => Path.Combine(FolderPath, "curves.svg");

    /// <summary>The run of a model file outside a run folder: "super.safetensors" has "super.run" beside it.</summary>
    public static RunFolder Beside(string modelPath) => new(Path.ChangeExtension(modelPath, ".run"), modelPath);

    /// <summary>The content of run.json.</summary>
    /// <exception cref="ModelFormatException">It is missing, or not a description of a run.</exception>
    public JsonObject ReadDescription() => RunDescription.Load(DescriptionPath).Content;

    /// <summary>
    /// Creates the folders and tests whether they are writable, so that problems are reported before hours of work. No file of an earlier
    /// run is touched.
    /// </summary>
    /// <exception cref="IOException">A folder cannot be made or written in.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written in.</exception>
    public void EnsureWritable()
    {
        foreach (var file in (string[])[CheckpointPath, ModelPath])
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            Directory.CreateDirectory(folder);
            if (Directory.Exists(file))
                throw new IOException($"'{file}' is a folder; a file is to be written there");
            using (File.Create(Path.Combine(folder, $".{Path.GetFileName(file)}.{Guid.NewGuid():N}"), 1, FileOptions.DeleteOnClose))
            {
            }
        }
    }

    /// <summary>Ensures that checkpoints and models fit on the disk, each new one beside the one that it replaces.</summary>
    /// <exception cref="IOException">They do not.</exception>
    internal void EnsureSpace(long checkpointBytes, long modelBytes)
    {
        // CSV, JSON and SVG grow with the epochs, and stay small.
        const long others = 1 << 20;
        Require(FolderPath, Growth(CheckpointPath, checkpointBytes) + Growth(ModelPath, modelBytes) + others);
        Require(Path.GetDirectoryName(Path.GetFullPath(ModelPath))!, Growth(ModelPath, modelBytes));

        static long Growth(string file, long bytes) => File.Exists(file) ? bytes : 2 * bytes;
    }

    /// <summary>Removes partial files left by a killed process.</summary>
    internal void RemoveLeftovers()
    {
        foreach (var file in (string[])[CheckpointPath, ModelPath, MetricsPath, DescriptionPath, CurvesPath])
            foreach (var leftover in Directory.EnumerateFiles(
                Path.GetDirectoryName(Path.GetFullPath(file))!, $"{Path.GetFileName(file)}.*.tmp"))
                File.Delete(leftover);
    }

    private static void Require(string folder, long bytes)
    {
        var full = Path.GetFullPath(folder);
        var free = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(full)! : full).AvailableFreeSpace;
        if (free < bytes)
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"too little space in '{folder}': {free / 1e6:F1} MB are free, the training writes up to {bytes / 1e6:F1} MB"));
    }
}
