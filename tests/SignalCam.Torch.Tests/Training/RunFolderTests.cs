using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Testing;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Runs;
using SignalCam.Torch.Training.Sessions;
using static SignalCam.Torch.Tests.Training.ResumeTests;

namespace SignalCam.Torch.Tests.Training;

public sealed class RunFolderTests
{
    [Fact]
    public async Task A_run_leaves_model_checkpoint_metrics_and_description()
    {
        using var folder = TestData.Folder();
        var result = await RunAsync(folder["m.safetensors"], Options());
        var run = RunFolder.Beside(folder["m.safetensors"]);
        Assert.All((string[])[run.ModelPath, run.CheckpointPath, run.MetricsPath, run.DescriptionPath],
            path => Assert.True(File.Exists(path), path));

        var rows = File.ReadAllLines(run.MetricsPath);
        Assert.Equal("epoch,learning_rate,train_loss,train_accuracy,valid_loss,valid_accuracy,valid_roc_auc,seconds,is_best", rows[0]);
        Assert.Equal(result.Epochs.Select(e => (e.Epoch, e.ValidLoss)), rows[1..].Select(row => row.Split(','))
            .Select(c => (int.Parse(c[0], CultureInfo.InvariantCulture), double.Parse(c[4], CultureInfo.InvariantCulture))));

        var description = run.ReadDescription();
        Assert.Equal(("completed", "all 3 epochs done", 1L, 1),
            ((string?)description["end"], (string?)description["reason"], (long)description["seed"]!, (int)description["torch_threads"]!));
        Assert.Equal(3, (int)description["options"]!["epochs"]!);
        Assert.StartsWith("100 of sha256:", (string)description["data"]!["train"]!, StringComparison.Ordinal);
        Assert.All((string[])["sdk", "torch", "dotnet", "os"], name => Assert.NotEmpty((string)description["versions"]![name]!));
        Assert.DoesNotContain(folder.Path, description.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_fingerprint_is_of_ids_targets_and_samples()
    {
        var recordings = Recordings.Make(20, 1);
        Assert.Equal(recordings.Fingerprint(), Recordings.Make(20, 1).Fingerprint());
        var (samples, targets) = (recordings.Samples(0, 20).ToArray(), recordings.AllTargets.ToArray());
        samples[^1] = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(samples[^1]) + 1);
        Assert.NotEqual(recordings.Fingerprint(),
            new LabeledRecordings(recordings.Entries, recordings.Layout, samples, targets, 1).Fingerprint());
        (samples, targets[3]) = (recordings.Samples(0, 20).ToArray(), 1 - targets[3]);
        Assert.NotEqual(recordings.Fingerprint(),
            new LabeledRecordings(recordings.Entries, recordings.Layout, samples, targets, 1).Fingerprint());
        targets = recordings.AllTargets.ToArray();
        Assert.NotEqual(recordings.Fingerprint(),
            new LabeledRecordings([.. recordings.Entries.Reverse()], recordings.Layout, samples, targets, 1).Fingerprint());
    }

    [Fact]
    public async Task A_path_that_cannot_be_written_is_said_before_the_first_step()
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["file"], "in the way");
        var steps = 0;
        await Assert.ThrowsAnyAsync<IOException>(() => RunAsync(folder["file/m.safetensors"], Options(), at: _ => ++steps < 0));
        Directory.CreateDirectory(folder["m.safetensors"]);
        var e = await Assert.ThrowsAsync<IOException>(() => RunAsync(folder["m.safetensors"], Options(), at: _ => ++steps < 0));
        Assert.Contains("m.safetensors' is a folder", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, steps);
        Assert.Equal("in the way", File.ReadAllText(folder["file"]));
    }

    [SkippableFact]
    public async Task Too_little_space_is_said_before_the_first_step_and_a_disk_that_fills_up_keeps_the_last_checkpoint()
    {
        using var folder = TestData.Folder();
        using var disk = SmallDisk.Mount(folder["disk"], kilobytes: 1500);
        var steps = 0;
        File.WriteAllBytes(folder["disk/filler"], new byte[900_000]);
        var e = await Assert.ThrowsAsync<IOException>(() => RunAsync(folder["disk/m.safetensors"], Options(), at: _ => ++steps < 0));
        Assert.Contains("too little space", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, steps);
        File.Delete(folder["disk/filler"]);

        // Somebody else fills the disk in the second epoch: the next checkpoint fails, the one before stays, and the training goes on from
        // it.
        var whole = await RunAsync(folder["whole.safetensors"], Options());
        await Assert.ThrowsAnyAsync<IOException>(() => RunAsync(folder["disk/m.safetensors"], Options(), at: p =>
        {
            if (p is { Epoch: 2, Step: 1 })
                SmallDisk.Fill(folder["disk/filler"]);
            return false;
        }));
        var checkpoint = TrainingCheckpoint.Load(folder["disk/m.run/last.safetensors"]);
        Assert.Equal((2, 0), (checkpoint.Position.Epoch, checkpoint.Position.Step));
        Assert.Empty(Directory.GetFiles(folder["disk"], "*.tmp", SearchOption.AllDirectories));
        File.Delete(folder["disk/filler"]);
        Assert.Equal(Bytes(whole.LastState), Bytes((await RunAsync(folder["disk/m.safetensors"], Options(), resume: true)).LastState));
    }

    [Fact]
    public async Task What_a_killed_process_left_half_written_is_removed_and_does_no_harm()
    {
        using var folder = TestData.Folder();
        using var stop = new CancellationTokenSource();
        var whole = await RunAsync(folder["whole.safetensors"], Options());
        await RunAsync(folder["m.safetensors"], Options(), stop: stop, at: p => p is { Epoch: 2, Step: 3 });
        File.WriteAllBytes(folder["m.run/last.safetensors.0123.tmp"], new byte[77]);
        var resumed = await RunAsync(folder["m.safetensors"], Options(), resume: true);
        Assert.Equal(Bytes(whole.LastState), Bytes(resumed.LastState));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_run_that_is_going_on_is_refused_to_a_second_training_with_the_process_that_has_it_and_is_free_at_its_end()
    {
        using var folder = TestData.Folder();
        string? refused = null;
        await RunAsync(folder["m.safetensors"], Options(), at: p =>
        {
            if (p is { Epoch: 2, Step: 1 })
                foreach (var resume in new[] { false, true })
                    refused += Assert.Throws<TrainingException>(
                        () => RunAsync(folder["m.safetensors"], Options(), resume: resume).GetAwaiter().GetResult()).Message + "\n";
            return false;
        });
        Assert.Matches($"^('.*m\\.run' is in use by process {Environment.ProcessId} on .+ since 2[0-9-]+T[0-9:]+Z: wait for it, stop it, "
            + $"or choose another folder\n){{2}}$", refused);
        // It has ended: the next one may begin.
        await RunAsync(folder["m.safetensors"], Options());
    }

    [Fact]
    public void A_session_that_was_prepared_has_the_folder_until_it_is_disposed_and_a_failed_one_has_not()
    {
        using var folder = TestData.Folder();
        using var first = Session();
        first.Prepare(folder["m.safetensors"]);
        first.Prepare(folder["m.safetensors"]);
        using var second = Session();
        Assert.Throws<TrainingException>(() => second.Prepare(folder["m.safetensors"]));
        second.Prepare(folder["other.safetensors"]);
        first.Dispose();
        second.Prepare(folder["m.safetensors"]);
        second.Dispose();

        File.WriteAllText(folder["m.run/last.safetensors"], "a training that has not ended");
        Assert.Contains("has not ended",
            Assert.Throws<TrainingException>(() => first.Prepare(folder["m.safetensors"])).Message, StringComparison.Ordinal);
        File.Delete(folder["m.run/last.safetensors"]);
        second.Prepare(folder["m.safetensors"]);

        static TrainingSession Session() => new(new SignalCamComponents(), Options(), new BumpTask());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{ \"version\": 1, \"resumed\": {} }")]
    [InlineData("{ \"version\": 1, \"resumed\": [], \"end\": 7 }")]
    [InlineData("{ \"version\": 1, \"version\": 1, \"resumed\": [] }")]
    [InlineData("{ \"version\": \"one\" }")]
    [InlineData("{ \"version\": 1e99 }")]
    public void A_description_of_something_else_is_refused_by_name(string text)
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["run.json"], text);
        Assert.Equal(folder["run.json"], Assert.Throws<ModelFormatException>(() => new RunFolder(folder.Path).ReadDescription()).File);
    }

    [SkippableFact]
    public async Task A_description_or_a_checkpoint_that_is_no_file_is_not_waited_for()
    {
        using var folder = TestData.Folder();
        SpecialFiles.Fifo(folder["run.json"]);
        var error = await SpecialFiles.WithoutWaiting(
            () => Assert.Throws<ModelFormatException>(() => new RunFolder(folder.Path).ReadDescription()));
        Assert.Equal("a FIFO (named pipe)", error.Found);
        Directory.CreateDirectory(folder["m.run"]);
        SpecialFiles.Fifo(folder["m.run/last.safetensors"]);
        var refused = await SpecialFiles.WithoutWaiting(
            () => Assert.ThrowsAnyAsync<Exception>(() => RunAsync(folder["m.safetensors"], Options(), resume: true)));
        Assert.Contains("a FIFO (named pipe)", refused.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder["n.run"]);
        SpecialFiles.Fifo(folder["n.run/run.lock"]);
        refused = await SpecialFiles.WithoutWaiting(
            () => Assert.ThrowsAnyAsync<Exception>(() => RunAsync(folder["n.safetensors"], Options())));
        Assert.Contains("a FIFO (named pipe)", refused.Message, StringComparison.Ordinal);
    }
}
