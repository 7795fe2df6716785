using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Cli.Commands;

namespace SignalCam.Cli;

/// <summary>The command line: parses, runs, and turns errors into messages and exit codes.</summary>
internal static class SignalCamTool
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    // Ctrl-C lets the current step end and the checkpoint be written; a second one ends the process at once.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(1);

    private const string StackVariable = "SIGNALCAM_STACK";

    // No response files: an argument that begins with @ is a name like any other, and no file is read but by a command.
    private static readonly ParserConfiguration s_parser = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] args, IServiceProvider services, CommandOutput output)
    {
        try
        {
            var parsed = Root(services, output).Parse(args, s_parser);
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
        catch (Exception e)
        {
            return Tell(e, output.Error);
        }
    }

    /// <summary>An error as text. What is none of the kinds that a file, an option or the surroundings cause is a mistake of this program, and says so.</summary>
    private static int Tell(Exception error, TextWriter to)
    {
        while (error is AggregateException or TypeInitializationException && error.InnerException is { } inner)
            error = inner;
        to.WriteLine(error switch
        {
            UsageException or OptionsValidationException => error.Message,
            OperationCanceledException => "stopped",
            SignalCamException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or ExternalException
                or ValidationException or SocketException => $"error: {error.Message}",
            OutOfMemoryException => "error: there is not enough memory",
            _ => $"error of signalcam itself, please report it ({StackVariable}=1 shows where): {error.GetType().Name}: {error.Message}",
        });
        if (Environment.GetEnvironmentVariable(StackVariable) == "1")
            to.WriteLine(error.StackTrace);
        return error is UsageException or OptionsValidationException ? WrongUsage : Failed;
    }

    private static RootCommand Root(IServiceProvider services, CommandOutput output) => new("Explainable classification of 12-lead ECGs: train, evaluate, explain. Research use, not a medical device.")
    {
        DemoCommand.Create(services, output),
        SynthesizeCommand.Create(output),
        OverviewCommand.Create(output),
        TrainCommand.Create(services, output),
        EvaluateCommand.Create(services, output),
        CalibrateCommand.Create(services, output),
        ExplainCommand.Create(services, output),
        ReportCommand.Create(services, output),
        AuditCommand.Create(services, output),
        PredictCommand.Create(services, output),
        InspectCommand.Create(output),
        ConvertCommand.Create(output),
        ViewCommand.Create(output),
        DescribeCommand.Create(services, output),
        LibTorchCommand.Create(output),
        ModelsCommand.Create(services, output),
        CardCommand.Create(services, output),
        ImportCommand.Create(services, output),
        ExtractCommand.Create(services, output),
        ExportCommand.Create(services, output),
        SubmitCommand.Create(services, output),
        WorkerCommand.Create(output),
        CollectCommand.Create(output),
    };

    private static IEnumerable<string> CommandPath(Command command) => command is RootCommand ? [] : [command.Name + " "];
}

/// <summary>The command line asks for something that cannot be: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
