using SignalCam.Core.Models;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>
/// Whatever is at a path, and whatever a file or an option holds: every command ends with a text and an exit code, and waits for nothing.
/// </summary>
public sealed class HostileFilesTests : IClassFixture<HostileFilesTests.Files>
{
    private readonly Files _files;

    public HostileFilesTests(Files files) => _files = files;

    // {name} is a file or folder of the fixture.
    public static TheoryData<string> Commands =>
    [
        "overview --data {fifo}", "overview --data {fifo-tables}", "overview --data {nothing}", "overview --data {file}",
        "overview --data {data} --report {fifo}", "overview --data {data} --json {folder}", "overview --data {data} --json {zero}",
        "overview --data {broken}",
        "predict {fifo}", "predict {record}.hea --model {fifo}", "predict {fifo-samples}", "predict {zero-header}", "predict {folder}",
        "predict {socket-header}", "predict {record} --model {zero}", "predict {record} --model {folder}",
        "predict {record} --model {file}", "predict {record} --model {nothing}", "predict {record} --json {fifo}",
        "predict {record} --device cuda:99", "predict {record} --device nonsense", "predict {loop}", "predict {record} --model {loop}",
        "predict {record} --model {empty}", "predict {record} --model {huge}", "predict @{file}",
        "inspect {fifo}", "inspect {fifo-samples}", "inspect {zero}", "inspect {folder}", "inspect {socket-header}.hea", "inspect {loop}",
        "inspect {empty}", "inspect {huge}", "inspect {file} --json", "inspect {fifo-tables}", "inspect {nothing}*",
        "inspect {record} --unit {file}", "inspect {record} --rate NaN",
        "convert {fifo} --out {out} --format csv", "convert {record} --out {file} --format csv",
        "convert {record} --out {fifo} --format edf", "convert {zero} --out {out} --format wfdb",
        "convert {record} --out {in-the-way} --format csv", "convert {record} --out {in-the-way} --format csv --overwrite",
        "convert {record} --out {in-the-way} --format wfdb --overwrite", "convert {record} --out {in-the-way} --format edf --overwrite",
        "convert {record} --out {out}/c --format nonsense", "convert {huge} --out {out} --format csv",
        "describe --model {fifo}", "describe --model {data}", "describe --json {fifo}", "describe --model {file}",
        "explain {fifo-samples} --out {out}", "explain {record} --out {fifo}", "explain {record} --out {file}",
        "explain --data {data} --ids 1,99999 --out {out}", "explain {record} --out {out} --columns 2000000000",
        "explain {record} --out {out} --classes nothing", "explain {record} --model {fifo} --out {out}",
        "export --out {fifo}", "export --out {folder}", "export --out {null}", "export --model {fifo} --out {out}/m.onnx", "export --out /",
        "export --out {file}/below",
        "extract --model {fifo} --task a --out {out}/m", "extract --model {model} --task a --out {out}/m",
        "import {fifo} --out {out}/m", "import {zero} --out {out}/m", "import {file} --out {out}/m", "import {model} --out {out}/m",
        "train --data {data} --out {folder}", "train --data {data} --out {file}/below/m", "train --data {data} --run {fifo}",
        "train --data {fifo} --out {out}/m", "train --data {data} --out {out}/m --cache {fifo}",
        "train --data {data} --out {out}/m --options {fifo}", "train --data {data} --out {out}/m --options {file}",
        "train --data {data} --out {out}/m --options {list}", "train --data {data} --out {out}/m --options {nulls}",
        "train --data {data} --out {out}/m --options {null-element}", "train --data {data} --out {out}/m --options {doubled}",
        "train --data {data} --out {out}/m --options {half}", "train --data {data} --out {out}/m --options {null-name}",
        "train --data {data} --out {out}/m --options {infinite}", "train --data {data} --out {out}/m --options {folder}",
        "train --data {data} --out {out}/m --teacher {fifo}", "train --data {data} --out {out}/m --checkpoint-seconds -1",
        "train --data {data} --out {out}/m --checkpoint-seconds NaN", "train --resume {nothing}", "train --resume {fifo}",
        "train --resume {run-fifo}", "train --resume {run-list}", "train --resume {run-empty}",
        "train --data {data} --out {out}/m --report {fifo}", "train --data {data} --out {out}/m --epochs 99999999999",
        "train --data {data} --out {out}/m --batch-size 70000",
        "evaluate --data {data} --folds 1 --model {fifo}", "evaluate --data {data} --folds 1 --report {fifo}",
        "evaluate --data {data} --folds 1 --predictions {fifo}", "evaluate --data {data} --folds 1 --compare {fifo}",
        "evaluate --data {data} --folds 1 --bootstrap 2000000000", "evaluate --data {data} --folds 1-999999999",
        "calibrate --data {data} --model {fifo} --out {out}/m", "calibrate --data {data} --model {model} --out {fifo}",
        "calibrate --data {data} --model {model} --out /",
        "audit --data {data} --explainers {fifo}.json", "audit --data {data} --explainers {list-file}.json",
        "audit --data {data} --explainers nothing", "audit --data {data} --report {fifo}",
        "card --data {data} --folds 9 --out {fifo}", "card --data {data} --folds 9 --out {folder}",
        "card --data {data} --folds 9 --out {file}",
        "models --json {fifo}",
        "synthesize --out {file}", "synthesize --out {fifo}", "synthesize --out {out}/s --records 1 --affected-beats 7",
        "synthesize --out {out}/s --records 1 --affected-beats NaN",
        "view --settings {fifo}", "view --settings {file}", "view --settings {list}", "view --settings {nothing}",
        "view --data {fifo} --urls http://127.0.0.1:0", "view --urls nonsense", "view --urls https://127.0.0.1:0",
        "view --urls http://127.0.0.1:99999",
        "demo --out {file}", "demo --out {out}/d --data {fifo-tables}",
        "submit --folder {data} --journal {fifo}", "submit --folder {data} --journal {file}", "submit --folder {data} --journal {folder}",
        "submit --folder {fifo}", "submit --folder {data} --model {fifo}",
        "submit --folder {data} --broker amqps://localhost:1 --broker-ca {fifo}",
        "submit --folder {data} --broker amqps://localhost:1 --broker-ca {file}", "submit --folder {data} --uris nonsense",
        "submit --folder {data} --broker amqp://:99999", "submit --folder {data} --queue-prefix a/b",
        "worker --model {fifo}", "worker --model {file}", "worker --until-idle 1e300", "worker --until-idle NaN", "worker --threads -1",
        "worker --trust-uri ecg", "worker --queue-prefix {file}",
        "collect --out {file}", "collect --out {fifo-results}", "collect --out {lock-fifo}", "collect --postgres Port=99999999999",
        "collect --postgres nonsense", "collect --until-idle -1",
    ];

    [SkippableTheory]
    [MemberData(nameof(Commands))]
    public async Task It_ends_with_a_text_and_an_exit_code(string line)
    {
        var arguments = line.Split(' ').Select(_files.Fill).ToArray();
        var run = await SpecialFiles.WithoutWaiting(() => Tool.RunAsync(arguments));
        Assert.True(run.ExitCode is 1 or 2, $"exit code {run.ExitCode}: {run.Out}");
        // inspect tells of a file that it cannot read in its list.
        var text = line.StartsWith("inspect", StringComparison.Ordinal) ? run.Out + run.Error : run.Error;
        Assert.NotEqual("", text);
        Assert.DoesNotContain("signalcam itself", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        // What is refused for what it is, is refused by name and kind.
        if (line.Contains("{fifo", StringComparison.Ordinal) && run.Error.Contains("FIFO", StringComparison.Ordinal))
            Assert.Contains(_files.Folder, run.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_full_disk_ends_a_command_with_a_text_and_leaves_what_was_there()
    {
        using var folder = TestData.Folder();
        using var disk = SmallDisk.Mount(folder["disk"], kilobytes: 600);
        await File.WriteAllTextAsync(folder["disk/m.onnx"], "before");
        SmallDisk.Fill(folder["disk/filler"]);
        foreach (var line in new[]
        {
            "export --out {0}/m.onnx", "overview --data {1} --report {0}/r.html", "predict {2} --json {0}/p.json",
            "train --data {1} --out {0}/t.safetensors --epochs 1", "train --data {1} --cache {0}/cache --out {3}/t.safetensors --epochs 1",
            "synthesize --out {0}/s --records 5", "calibrate --data {1} --model {4} --out {0}/c.safetensors --folds 1-9",
        })
        {
            var run =
                await Tool.RunAsync(
                    [.. line.Split(' ')
                        .Select(part => string.Format(System.Globalization.CultureInfo.InvariantCulture, part, folder["disk"],
                            _files["data"], _files["record"], folder.Path, _files["model"]))]);
            Assert.Equal((line, 1), (line, run.ExitCode));
            Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        }
        Assert.Equal("before", await File.ReadAllTextAsync(folder["disk/m.onnx"]));
    }

    public sealed class Files : IDisposable
    {
        private readonly TemporaryFolder _folder = TestData.Folder("hostile");
        private readonly System.Net.Sockets.Socket _socket;

        public Files()
        {
            var run = Tool.OkAsync("synthesize", "--out", this["data"], "--records", "40").GetAwaiter().GetResult();
            Assert.Equal(0, run.ExitCode);
            File.Copy(Path.Combine(this["data"], "records100", "00000", "00001_lr.hea"), this["record.hea"]);
            File.WriteAllText(this["record.hea"], File.ReadAllText(this["record.hea"]));
            File.Copy(Path.Combine(this["data"], "records100", "00000", "00001_lr.dat"), this["00001_lr.dat"]);
            Sdk.Pretrained.PretrainedModels.Get("normal-abnormal").Read().Save(this["model"]);
            foreach (var name in new[] { "fifo", "fifo.hea", "fifo.json", "fifo-samples.dat" })
                SpecialFiles.Fifo(this[name]);
            File.WriteAllText(this["fifo-samples.hea"], "x 1 100 1000\nfifo-samples.dat 16 200 16 0 0 0 0 II\n");
            File.CreateSymbolicLink(this["zero"], SpecialFiles.Endless());
            File.CreateSymbolicLink(this["zero-header.hea"], SpecialFiles.Endless());
            File.CreateSymbolicLink(this["null"], "/dev/null");
            File.CreateSymbolicLink(this["loop"], "loop");
            File.CreateSymbolicLink(this["loop.hea"], "loop.hea");
            _socket = SpecialFiles.Socket(this["socket-header.hea"]);
            foreach (var name in new[]
            {
                "folder", "fifo-tables", "run-fifo", "run-list", "run-empty", "fifo-results", "lock-fifo", "out", "broken", "in-the-way",
            })
                Directory.CreateDirectory(this[name]);
            SpecialFiles.Fifo(Path.Combine(this["fifo-tables"], "ptbxl_database.csv"));
            File.Copy(Path.Combine(this["data"], "scp_statements.csv"), Path.Combine(this["fifo-tables"], "scp_statements.csv"));
            File.Copy(Path.Combine(this["data"], "scp_statements.csv"), Path.Combine(this["broken"], "scp_statements.csv"));
            File.WriteAllBytes(Path.Combine(this["broken"], "ptbxl_database.csv"),
                [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))]);
            SpecialFiles.Fifo(Path.Combine(this["run-fifo"], "run.json"));
            foreach (var name in new[] { "record.csv", "record.hea", "record.dat", "record.edf" })
                SpecialFiles.Fifo(Path.Combine(this["in-the-way"], name));
            File.WriteAllText(Path.Combine(this["run-list"], "run.json"), "[]");
            File.WriteAllText(Path.Combine(this["run-empty"], "run.json"),
                """{ "version": 1, "resumed": [], "end": null, "request": { "model": "m", "dataset": {}, "task": null } }""");
            SpecialFiles.Fifo(Path.Combine(this["fifo-results"], "results-000001.jsonl"));
            SpecialFiles.Fifo(Path.Combine(this["lock-fifo"], ".lock"));
            File.WriteAllText(this["file"], "just a text");
            File.WriteAllText(this["empty"], "");
            using (var huge = File.Create(this["huge"]))
                huge.SetLength(1L << 36);
            File.WriteAllText(this["list"], "[1, 2]");
            File.WriteAllText(this["list-file.json"], "[null, { \"name\": null }, {}]");
            File.WriteAllText(this["nulls"], """{ "preprocessing": null, "architecture": null }""");
            File.WriteAllText(this["null-element"], """{ "preprocessing": [null] }""");
            File.WriteAllText(this["null-name"], """{ "architecture": { "name": null } }""");
            File.WriteAllText(this["doubled"], """{ "mixup": 0.1, "mixup": 0.2 }""");
            File.WriteAllText(this["half"], "{ \"preset\": \"\\ud83d\" }");
            File.WriteAllText(this["infinite"], """{ "learningRate": 1e999 }""");
        }

        public string Folder => _folder.Path;

        public string this[string name] => _folder[name];

        public string Fill(string argument)
        {
            var (open, close) = (argument.IndexOf('{', StringComparison.Ordinal), argument.IndexOf('}', StringComparison.Ordinal));
            return open < 0 ? argument : argument[..open] + this[argument[(open + 1)..close]] + argument[(close + 1)..];
        }

        public void Dispose()
        {
            _socket.Dispose();
            _folder.Dispose();
        }
    }
}
