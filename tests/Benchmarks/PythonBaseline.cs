using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SignalCam.Benchmarks;

/// <summary>
/// The same work in Python with NumPy and PyTorch: the program under `baseline`, which waits between two tasks and takes its own time.
/// </summary>
internal sealed class PythonBaseline : IDisposable
{
    // Debian's, which has Debian's PyTorch; another one first in the path may not.
    private const string Interpreter = "/usr/bin/python3";

    private readonly Process _process;

    /// <summary>Starts it and waits until PyTorch is loaded.</summary>
    /// <param name="model">The model file.</param>
    /// <param name="list">A file with the path of a recording in each line.</param>
    /// <param name="threads">Threads of PyTorch and of the linear algebra under NumPy.</param>
    public PythonBaseline(string model, string list, int threads)
    {
        var number = threads.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(Interpreter, [Path.Combine(AppContext.BaseDirectory, "baseline", "serve.py"), model, list, number])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        (start.Environment["OMP_NUM_THREADS"], start.Environment["OPENBLAS_NUM_THREADS"]) = (number, number);
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        _process = Process.Start(start)!;
        Seconds("one 3");
    }

    /// <summary>Does a task; see the program for what there is.</summary>
    public double Seconds(string command)
    {
        _process.StandardInput.WriteLine(command);
        return double.Parse(Line(), CultureInfo.InvariantCulture);
    }

    /// <summary>Does a task that gives for each recording its probability and then its heat map.</summary>
    public double Seconds(string command, out float[] results)
    {
        var file = Path.GetTempFileName();
        try
        {
            var seconds = Seconds($"{command} {file}");
            Line();
            results = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();
            return seconds;
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Line() =>
        _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the Python baseline ended; what it says is above");
}
