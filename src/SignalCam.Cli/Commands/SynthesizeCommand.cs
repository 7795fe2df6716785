using System.CommandLine;
using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;

namespace SignalCam.Cli.Commands;

/// <summary>`synthesize`: writes the synthetic set.</summary>
internal static class SynthesizeCommand
{
    public static Command Create(CommandOutput output)
    {
        var folder = new Option<string>("--out") { Description = "The folder to write", HelpName = "DIR", Required = true };
        var records = new Option<int>("--records")
        {
            Description = "How many recordings",
            DefaultValueFactory = _ => new SyntheticDatasetOptions().Records,
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "Seed of everything random",
            DefaultValueFactory = _ => new SyntheticDatasetOptions().Seed,
        };
        var affected = new Option<double>("--affected-beats")
        {
            Description = "Share of the beats of a recording that show its abnormality, 0.01 to 1",
            DefaultValueFactory = _ => 1,
            HelpName = "SHARE",
        };
        var command = new Command("synthesize",
            "Writes synthetic 12-lead ECGs with planted abnormalities, in PTB-XL's own layout") { folder, records, seed, affected };
        records.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--records: expected a number above 0");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new SyntheticDatasetOptions
            {
                Records = parsed.GetValue(records),
                Seed = parsed.GetValue(seed),
                AffectedBeats = parsed.GetValue(affected),
            };
            if (PluginOptions.FindProblems(options) is { Count: > 0 } problems)
                throw new UsageException(string.Join(" ", problems));
            await Terminal.Progress(output.Terminal(null), "synthesizing", async bar =>
            {
                await SyntheticDataset.WriteAsync(parsed.GetRequiredValue(folder), options,
                    new DirectProgress<int>(done => bar.Show(done, options.Records)), cancellationToken);
                return true;
            });
            output.Out.WriteLine($"{options.Records} recordings in {parsed.GetValue(folder)}");
            return SignalCamTool.Ok;
        });
        return command;
    }
}
