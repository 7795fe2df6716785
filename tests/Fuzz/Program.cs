using System.Diagnostics;
using System.Globalization;
using SignalCam.Fuzz.Running;

namespace SignalCam.Fuzz;

/// <summary>Fuzz [--cases N] [--kind NAME] [--seed FIRST] [--one SEED]</summary>
internal static class Program
{
    /// <summary>What the process is started with that runs a part.</summary>
    public const string WorkArgument = "--work";

    private const long DefaultCases = 10_000;

    private static int Main(string[] args)
    {
        if (args is [WorkArgument, var kind, var first, var count, var path])
        {
            IsolatedRun.Work(FuzzKinds.Find(kind), ulong.Parse(first, CultureInfo.InvariantCulture),
                long.Parse(count, CultureInfo.InvariantCulture), path);
            return 0;
        }
        var options = Options(args);
        if (options.ContainsKey("--help"))
        {
            Console.WriteLine("--cases N     inputs, divided among the kinds, a third of them model files (default 10000)\n--kind NAME   "
                + "one kind alone\n--seed FIRST  the number of the first input (default 1)\n--one SEED    one input in this process, to "
                + "look at; needs --kind\n\nkinds:");
            foreach (var known in FuzzKinds.All)
                Console.WriteLine($"  {known.Name,-14} {known.Description}");
            return 0;
        }
        var kinds = options.TryGetValue("--kind", out var name) ? [FuzzKinds.Find(name)] : FuzzKinds.All;
        if (options.TryGetValue("--one", out var one))
        {
            var seed = ulong.Parse(one, CultureInfo.InvariantCulture);
            Print(kinds[0].Name, FuzzRun.Run(kinds[0], seed, 1), null);
            // Once more, so that an exception is seen in full.
            kinds[0].Run(seed);
            return 0;
        }
        return Run(kinds, Number(options, "--cases", DefaultCases), (ulong)Number(options, "--seed", 1));
    }

    private static int Run(IReadOnlyList<FuzzKind> kinds, long cases, ulong seed)
    {
        var all = new FuzzReport();
        Console.WriteLine($"{"kind",-14} {"cases",10} {"taken",10} {"refused",10} {"findings",9} {"slowest",9} {"largest",9}");
        foreach (var (i, kind) in kinds.Index())
        {
            var start = Stopwatch.GetTimestamp();
            var report = IsolatedRun.Run(kind, seed, CasesOf(kinds, i, cases));
            all.Add(report);
            Print(kind.Name, report, Stopwatch.GetElapsedTime(start));
            foreach (var finding in report.Findings.Take(50))
                Console.WriteLine($"  --kind {kind.Name} --one {finding.Seed}: {finding.What}");
        }
        if (kinds.Count > 1)
            Print("all", all, null);
        return all.Findings.Count == 0 ? 0 : 1;
    }

    /// <summary>A kind's share of all inputs, so that the parts add up to the whole.</summary>
    private static long CasesOf(IReadOnlyList<FuzzKind> kinds, int index, long cases)
    {
        var (before, all) = (kinds.Take(index).Sum(kind => kind.Share), kinds.Sum(kind => kind.Share));
        return cases * (before + kinds[index].Share) / all - cases * before / all;
    }

    private static void Print(string name, FuzzReport report, TimeSpan? time) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-14} {report.Cases,10} {report.Taken,10} {report.Refused,10} {report.Findings.Count,9} {report.MostSeconds,7:0.00} s "
            + $"{report.MostBytes >> 20,6} MB{(time is { } t ? $"   ({t.TotalSeconds:0} s)" : "")}"));

    private static Dictionary<string, string> Options(string[] args)
    {
        var options = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--help")
                options.Add(args[i], "");
            else if (args[i] is "--cases" or "--kind" or "--seed" or "--one" && i + 1 < args.Length)
                options[args[i]] = args[++i];
            else
                throw new ArgumentException($"'{args[i]}' is no option, or lacks its value; see --help");
        }
        return options;
    }

    private static long Number(Dictionary<string, string> options, string name, long otherwise) =>
        options.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
