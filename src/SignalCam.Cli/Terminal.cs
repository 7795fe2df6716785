using SignalCam.Core.Datasets;
using Spectre.Console;

namespace SignalCam.Cli;

/// <summary>Progress bars on a terminal; none where output is redirected.</summary>
internal static class Terminal
{
    /// <summary>Runs work with a bar; the work is told how to move it.</summary>
    public static async Task<T> Progress<T>(IAnsiConsole terminal, string what, Func<Bar, Task<T>> work)
    {
        if (!terminal.Profile.Capabilities.Interactive)
            return await work(new Bar(null));
        return await terminal.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(),
                new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Bar(context.AddTask(what))));
    }

    /// <summary>How many recordings were left out, with the first of them by name; empty when there is none.</summary>
    public static string Skipped(IReadOnlyList<SkippedRecording> skipped) =>
        skipped.Count == 0 ? "" : $", {skipped.Count} skipped (first: {skipped[0].Error.Message})";

    /// <summary>A progress bar, or nothing where there is no terminal.</summary>
    internal sealed class Bar(ProgressTask? task)
    {
        public bool IsShown => task is not null;

        public void Show(double done, double total, string? what = null)
        {
            if (task is null)
                return;
            task.MaxValue = total;
            task.Value = done;
            if (what is not null)
                task.Description = what;
        }
    }
}

/// <summary>Reports on the caller's thread and in order; <see cref="Progress{T}"/> would do neither.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
