namespace SignalCam.Cli.Tests;

public sealed class WrongUsageTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("train")]
    [InlineData("train --data x --out y --preset best")]
    [InlineData("train --data x --out y --epochs many")]
    [InlineData("train --data x --out y --epochs 0")]
    [InlineData("evaluate --data x --model y --folds")]
    [InlineData("explain --model x --out y")]
    [InlineData("explain record --model x --out y --explainer guess")]
    [InlineData("explain record --model x --out y --layout 5x5")]
    [InlineData("explain record --model x --out y --format gif")]
    [InlineData("audit --model x --task super --data y")]
    [InlineData("audit --model x --data y --records 0")]
    [InlineData("explain --model x --out y --ids 1")]
    [InlineData("explain --model x --out y --ids 1 --data z record")]
    [InlineData("synthesize --out x --records 0")]
    [InlineData("predict --model x")]
    [InlineData("submit")]
    [InlineData("submit --data x --folder y")]
    [InlineData("submit --folder no-such-folder")]
    [InlineData("submit --data x --broker http://mq")]
    [InlineData("worker --broker amqp://me:secret@mq")]
    [InlineData("worker --prefetch 0")]
    [InlineData("worker --until-idle 0")]
    [InlineData("collect --postgres Host=db;Password=secret")]
    public async Task It_ends_with_2_and_a_message(string line)
    {
        var run = await Tool.RunAsync(line.Split(' '));
        Assert.Equal(2, run.ExitCode);
        Assert.NotEqual("", run.Error);
    }

    [Fact]
    public async Task Wrong_folds_say_what_is_expected()
    {
        var run = await Tool.RunAsync("train", "--data", "x", "--out", "y", "--train-folds", "8-1");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--train-folds: folds '8-1'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tasks_to_join_are_named_in_one_place()
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["task.json"], """{ "Tasks": [{ "name": "rhythm" }] }""");
        string[] joining = ["train", "--data", "x", "--out", "y", "--task", "joint", "--join", "super"];
        var twice = await Tool.RunAsync([.. joining, "--task-options", folder["task.json"]]);
        Assert.Equal(2, twice.ExitCode);
        Assert.Contains(
            "--join: the file of --task-options has 'Tasks', too; give one of them", twice.Error, StringComparison.Ordinal);
        // Options of another task are not passed over either.
        var columns = await Tool.RunAsync([.. joining, "--classes", "a,b"]);
        Assert.Equal(2, columns.ExitCode);
        Assert.Contains("--classes: this is an option of --task columns", columns.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("overview --data no-such-folder", "no-such-folder")]
    [InlineData("predict --model no-such-model.safetensors record", "no-such-model.safetensors")]
    [InlineData("import no-such.pt --out x.safetensors", "no-such.pt")]
    public async Task What_is_not_there_is_named_and_ends_with_1(string line, string name)
    {
        var run = await Tool.RunAsync(line.Split(' '));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(name, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        var run = await Tool.OkAsync("--help");
        foreach (var command in (string[])
        [
            "demo", "synthesize", "overview", "train", "evaluate", "explain", "audit", "predict", "describe", "models", "card", "import",
            "export", "submit", "worker", "collect",
        ])
            Assert.Contains(command, run.Out, StringComparison.Ordinal);
    }
}
