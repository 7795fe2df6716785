using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Formats;

if (args is [])
{
    Report(null);
    return;
}

// What a host writes.
using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
var classifier = services.GetRequiredService<IEcgClassifier>();
var recording = EcgFile.Read(args[0]);
var answer = classifier.Classify(recording, new ClassifyOptions { Explain = true });
Console.WriteLine(EcgAnswerJson.Write(answer));
// What is measured.
Report(answer);

// Milliseconds since the process started, those of processor time, the most memory that it had in MB, and the native libraries that it has
// loaded.
static void Report(EcgClassification? answer)
{
    using var self = Process.GetCurrentProcess();
    var (clock, processor) = ((DateTime.Now - self.StartTime).TotalMilliseconds, self.TotalProcessorTime.TotalMilliseconds);
    var libraries = OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/self/maps").Select(line => Path.GetFileName(line.Split(' ')[^1]))
            .Where(name => name.Contains(".so", StringComparison.Ordinal)).Distinct()
        : self.Modules.Cast<ProcessModule>().Select(module => module.ModuleName);
    Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture,
            $"{(answer is null ? "nothing" : "answered")} {clock:0} {processor:0} "
            + $"{self.PeakWorkingSet64 / 1e6:0.0} {string.Join(',', libraries)}"));
}
