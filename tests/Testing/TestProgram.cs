using System.Diagnostics;

namespace SignalCam.Testing;

/// <summary>Programs beside the code that tests run.</summary>
public static class TestProgram
{
    /// <summary>
    /// Runs a program to its end; gives what it wrote, and where it failed its errors, too. A program that is not there ends with -1.
    /// </summary>
    public static (int ExitCode, string Text) Run(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, process.ExitCode == 0 ? text : text + error.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }
}
