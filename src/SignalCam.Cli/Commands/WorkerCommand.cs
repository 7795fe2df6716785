using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Cli.Plugins;
using SignalCam.Distributed.Diagnostics;
using SignalCam.Distributed.Workers;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`worker`: scores jobs that come from a broker.</summary>
internal static class WorkerCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (broker, model, device, idle, json) = (
            new BrokerOption(), new ModelOption(), CommonOptions.Device(), IdleOption.Create(), CommonOptions.Json());
        var threads = new Option<int>("--threads")
        {
            Description = "Messages that are scored at a time; 0 for as many as there are processors",
        };
        var prefetch = new Option<int>("--prefetch")
        {
            Description = "Messages of jobs that may be here at a time",
            DefaultValueFactory = _ => new WorkerOptions().Prefetch,
        };
        var trusted = new Option<string[]>("--trust-uri")
        {
            Description = "What the URIs of jobs must begin with, such as file:///data/ecg/ [jobs with a URI are refused]",
            HelpName = "URI",
        };
        var command = new Command("worker", "Scores jobs from a RabbitMQ broker until it is stopped; see docs/scale-out.md")
        {
            model.Model, model.Task, device, threads, prefetch, trusted, idle, json,
        };
        broker.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandOutput.Prepare(parsed.GetValue(json));
            var chosen = model.Of(parsed);
            var end = await ServiceHost.RunAsync<WorkerStatus>(
                builder =>
                {
                    services.GetRequiredService<ToolPlugins>().Configure(builder);
                    builder.Services.AddSignalCam(options => options.Device = parsed.GetRequiredValue(device));
                    if (chosen.Path is { } path)
                        builder.AddModel(Path.GetFileNameWithoutExtension(path), path);
                    else
                        builder.AddPretrainedModel(chosen.Pretrained);
                    builder.AddBroker(broker.Of(parsed)).AddWorker(options =>
                    {
                        (options.Parallelism, options.Prefetch) = (parsed.GetValue(threads), parsed.GetValue(prefetch));
                        options.StopWhenIdleFor = IdleOption.Of(parsed, idle);
                        options.TrustedUris.AddRange(parsed.GetValue(trusted) ?? []);
                    });
                },
                cancellationToken);
            output.Terminal(parsed.GetValue(json))
                .Line($"{Format.Count(end.Scored)} recordings scored, {Format.Count(end.Failed)} jobs failed");
            output.Write(parsed.GetValue(json), new { end.Scored, end.Failed });
            return SignalCamTool.Ok;
        });
        return command;
    }
}
