using System.Diagnostics;
using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Formats;
using SignalCam.Formats.Tables;

namespace SignalCam.Benchmarks;

/// <summary>
/// Reading a 10 s recording of each format by <see cref="EcgFile"/>, against the way one reads it in Python: the package where Debian has
/// one, otherwise NumPy and the standard library. A format for which Python has neither (Philips XML) is timed alone.
/// </summary>
internal static class FormatReading
{
    private const int Rounds = 15;
    private const int ReadsPerRound = 5;

    private static readonly EcgReadOptions ArrayOptions = new() { SamplingRate = 500, Leads = SignalLayout.StandardLeads, Unit = "mV" };

    /// <summary>Prints the table; needs the sample files in SIGNALCAM_SHARED or in `shared` beside the checkout.</summary>
    public static void Print()
    {
        var samples = Path.Combine(Environment.GetEnvironmentVariable("SIGNALCAM_SHARED") ?? Shared(), "formats");
        if (!Directory.Exists(samples))
        {
            Console.WriteLine("sample files are not here: set SIGNALCAM_SHARED to the folder that holds formats");
            return;
        }
        var made = Directory.CreateTempSubdirectory("signalcam-formats-");
        try
        {
            using var python = new Baseline();
            RatioTable.PrintHead("reading a 10 s recording (12 leads) from a file, one thread");
            foreach (var (way, what, path, options) in Files(samples, made.FullName))
                Print(python, way, what, path, options);
        }
        finally
        {
            made.Delete(recursive: true);
        }
    }

    private static IEnumerable<(string? Way, string What, string Path, EcgReadOptions? Options)> Files(string samples, string made)
    {
        var recording = EcgFile.Read(Path.Combine(samples, "dicom", "hl7-example.dcm"));
        WfdbWriter.Write(made, "rec", recording.Signal);
        EcgCsv.Write(Path.Combine(made, "rec.csv"), recording.Signal);
        yield return ("dicom", "DICOM against pydicom", Path.Combine(samples, "dicom", "hl7-example.dcm"), null);
        yield return ("scp-ecg", "SCP-ECG against biosig (C)", Path.Combine(samples, "scp-ecg", "hl7-example.scp"), null);
        yield return ("hl7-aecg", "HL7 aECG against ElementTree and NumPy", Path.Combine(samples, "hl7-aecg", "hl7-example.xml"), null);
        yield return ("muse", "MUSE XML against ElementTree and NumPy", Path.Combine(samples, "ge-muse-xml", "braveheart-1.xml"), null);
        yield return ("edf", "EDF+ against MNE", Path.Combine(samples, "edf", "ecg12-gap.edf"), null);
        yield return ("wfdb", "WFDB against wfdb's way", Path.Combine(made, "rec.hea"), null);
        yield return ("table", "CSV against pandas", Path.Combine(made, "rec.csv"), null);
        yield return ("ishne", "ISHNE against NumPy", Path.Combine(samples, "ishne", "twelve-lead.ecg"), null);
        yield return ("npy", ".npy against NumPy", Path.Combine(samples, "matlab-hdf5-numpy", "samples-by-leads-float32.npy"),
            ArrayOptions);
        yield return ("matlab", ".mat (level 5) against SciPy", Path.Combine(samples, "matlab-hdf5-numpy", "cpsc2018-struct.mat"),
            ArrayOptions);
        yield return ("hdf5", "HDF5 against h5py", Path.Combine(samples, "matlab-hdf5-numpy", "tracings.h5"), ArrayOptions);
        yield return (null, "Philips XML", Path.Combine(samples, "philips-xml", "pagewriter-1.04.xml"), null);
    }

    private static void Print(Baseline python, string? way, string what, string path, EcgReadOptions? options)
    {
        if (new EcgFileReader(EcgFile.Formats).Find(path) is null)
        {
            Console.WriteLine($"  {what,-58}not built in");
            return;
        }
        Ours(path, options);
        if (way is null || python.Seconds(way, path) is null)
        {
            var alone = Enumerable.Range(0, Rounds).Select(_ => Ours(path, options)).Order().ElementAt(Rounds / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {what,-58}{$"{alone * 1000:F3} ms",11}  no Python package here"));
            return;
        }
        var (ours, theirs) = (new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
            (ours[round], theirs[round]) = (Ours(path, options), python.Seconds(way, path)!.Value);
        RatioTable.Print(what, ours, theirs, "at least 10");
    }

    private static double Ours(string path, EcgReadOptions? options)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < ReadsPerRound; i++)
            EcgFile.Read(path, options);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / ReadsPerRound;
    }

    private static string Shared()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "SignalCam.Sdk.sln")))
                return Path.Combine(folder.FullName, "..", "shared");
        return "shared";
    }

    /// <summary>The Python side, which answers one line a request.</summary>
    private sealed class Baseline : IDisposable
    {
        private readonly Process _process;

        public Baseline()
        {
            var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "baseline", "formats.py")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            (start.Environment["OMP_NUM_THREADS"], start.Environment["OPENBLAS_NUM_THREADS"],
                start.Environment["PYTHONDONTWRITEBYTECODE"]) = ("1", "1", "1");
            _process = Process.Start(start)!;
        }

        /// <summary>Seconds of one reading; null where the package is not there.</summary>
        public double? Seconds(string way, string path)
        {
            _process.StandardInput.WriteLine($"{way} {ReadsPerRound} {Path.GetFullPath(path)}");
            var answer = _process.StandardOutput.ReadLine()
                ?? throw new InvalidOperationException("the Python baseline ended; what it says is above");
            return answer == "absent" ? null : double.Parse(answer.Split(' ')[0], CultureInfo.InvariantCulture);
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
