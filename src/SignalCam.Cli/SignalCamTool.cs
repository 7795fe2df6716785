using System.CommandLine;
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

    public static async Task<int> RunAsync(string[] args, IServiceProvider services, CommandOutput output)
    {
        var parsed = Root(services, output).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                output.Error.WriteLine(error.Message);
            output.Error.WriteLine($"See: signalcam {string.Join(' ', CommandPath(parsed.CommandResult.Command))}--help");
            return WrongUsage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeToStop,
                Output = output.Out,
                Error = output.Error,
            });
        }
        catch (UsageException e)
        {
            output.Error.WriteLine(e.Message);
            return WrongUsage;
        }
        catch (OperationCanceledException)
        {
            output.Error.WriteLine("stopped");
            return Failed;
        }
        catch (Exception e) when (e is SignalCamException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or System.Runtime.InteropServices.ExternalException)
        {
            output.Error.WriteLine($"error: {e.Message}");
            return Failed;
        }
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
