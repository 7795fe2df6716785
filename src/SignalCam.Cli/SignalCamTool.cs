using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Cli.Commands;
using SignalCam.Cli.Plugins;
using SignalCam.Sdk;

namespace SignalCam.Cli;

/// <summary>The command line `signalcam`: parses, runs, and turns errors into messages and exit codes.</summary>
public static class SignalCamTool
{
    internal const int Ok = 0;
    internal const int Failed = 1;
    internal const int WrongUsage = 2;

    // Ctrl-C lets the current step end and the checkpoint be written; a second one ends the process at once.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(1);

    private const string StackVariable = "SIGNALCAM_STACK";

    // No response files: an argument that begins with @ is a name like any other, and no file is read but by a command.
    internal static ParserConfiguration Parser { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>
    /// Runs a command on the process's console, with the plug-ins that `--plugin` and signalcam.json name and with a program's own: a
    /// complete tool that can be shipped under another name.
    /// </summary>
    /// <param name="args">The command line, without the program's name.</param>
    /// <param name="configure">Adds plug-ins and models, in every set of services that a command builds; null for none.</param>
    /// <returns>The exit code: 0 on success, 2 for an invalid command line, otherwise 1. Errors are messages on
    /// standard error.</returns>
    /// <example><code>return await SignalCamTool.RunAsync(args, builder => builder.AddPlugin&lt;MyPlugins&gt;());</code></example>
    public static Task<int> RunAsync(string[] args, Action<ISignalCamBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        return RunAsync(args, Environment.CurrentDirectory, configure, CommandOutput.ForConsole());
    }

    /// <summary>The same with another working folder and console.</summary>
    internal static async Task<int> RunAsync(string[] args, string folder, Action<ISignalCamBuilder>? configure, CommandOutput output)
    {
        try
        {
            var plugins = ToolPlugins.Load(args, folder, configure, output.Error);
            var services = new ServiceCollection();
            plugins.Configure(services.AddSignalCam());
            services.AddSingleton(plugins);
            await using var provider = services.BuildServiceProvider();
            return await RunAsync(args, provider, output);
        }
        catch (Exception e)
        {
            return Tell(e, output.Error);
        }
    }

    private static async Task<int> RunAsync(string[] args, IServiceProvider services, CommandOutput output)
    {
        var parsed = Root(services, output).Parse(args, Parser);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                output.Error.WriteLine(error.Message);
            output.Error.WriteLine($"See: signalcam {string.Join(' ', CommandPath(parsed.CommandResult.Command))}--help");
            return WrongUsage;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeToStop,
            Output = output.Out,
            Error = output.Error,
        });
    }

    /// <summary>
    /// Writes an error as text. An error that is not caused by a file, an option or the environment is reported as a bug.
    /// </summary>
    private static int Tell(Exception error, TextWriter to)
    {
        while (error is AggregateException or TypeInitializationException && error.InnerException is { } inner)
            error = inner;
        to.WriteLine(error switch
        {
            UsageException or OptionsValidationException => error.Message,
            OperationCanceledException => "stopped",
            SignalCamException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
                or ExternalException
                or ValidationException or SocketException => $"error: {error.Message}",
            OutOfMemoryException => "error: out of memory",
            _ => $"internal error of signalcam, please report it ({StackVariable}=1 shows where): {error.GetType().Name}: {error.Message}",
        });
        if (Environment.GetEnvironmentVariable(StackVariable) == "1")
            to.WriteLine(error.StackTrace);
        return error is UsageException or OptionsValidationException ? WrongUsage : Failed;
    }

    private static RootCommand Root(IServiceProvider services, CommandOutput output) =>
        new("Explainable classification of 12-lead ECGs. Research use, not a medical device.")
        {
            DemoCommand.Create(services, output),
            SynthesizeCommand.Create(output),
            OverviewCommand.Create(services, output),
            TrainCommand.Create(services, output),
            EvaluateCommand.Create(services, output),
            CalibrateCommand.Create(services, output),
            DistanceCommand.Create(services, output),
            ExplainCommand.Create(services, output),
            ReportCommand.Create(services, output),
            AuditCommand.Create(services, output),
            PredictCommand.Create(services, output),
            InspectCommand.Create(services, output),
            ConvertCommand.Create(services, output),
            ViewCommand.Create(services, output),
            DescribeCommand.Create(services, output),
            LibTorchCommand.Create(output),
            ModelsCommand.Create(services, output),
            CardCommand.Create(services, output),
            ImportCommand.Create(services, output),
            ExtractCommand.Create(services, output),
            EnsembleCommand.Create(services, output),
            ExportCommand.Create(services, output),
            SubmitCommand.Create(services, output),
            WorkerCommand.Create(services, output),
            CollectCommand.Create(output),
            ToolPlugins.Option(),
        };

    private static IEnumerable<string> CommandPath(Command command) => command is RootCommand ? [] : [command.Name + " "];
}

/// <summary>The command line is invalid: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
