using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SignalCam.Distributed.Diagnostics;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`collect`: stores results that come from a broker.</summary>
internal static class CollectCommand
{
    public static Command Create(CommandOutput output)
    {
        var (broker, idle, json) = (new BrokerOption(), IdleOption.Create(), CommonOptions.Json());
        var folder = new Option<string?>("--out")
        {
            Description = "Write JSON Lines files into this folder [results, where there is no --postgres]",
            HelpName = "DIR",
        };
        var postgres = new Option<string?>("--postgres")
        {
            Description = "Write into PostgreSQL: a connection string without the password, which comes from PGPASSWORD or PGPASSFILE",
            HelpName = "CONNECTION",
        };
        var command = new Command("collect",
            "Takes results from a RabbitMQ broker and stores each once, until it is stopped") { folder, postgres, idle, json };
        broker.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandOutput.Prepare(parsed.GetValue(json));
            var (files, database) = (parsed.GetValue(folder), parsed.GetValue(postgres));
            if (database is not null)
                RefusePassword(postgres.Name, database);
            var end = await ServiceHost.RunAsync<CollectorStatus>(
                builder =>
                {
                    builder.AddBroker(broker.Of(parsed)).AddCollector(options => options.StopWhenIdleFor = IdleOption.Of(parsed, idle));
                    if (files is not null || database is null)
                        builder.AddJsonLinesSink(options => options.Folder = files ?? options.Folder);
                    if (database is not null)
                        builder.AddPostgreSqlSink(options => options.ConnectionString = database);
                },
                cancellationToken);
            var refused = end.Refused > 0 ? $"; {Format.Count(end.Refused)} cannot be stored and are dead letters" : "";
            output.Terminal(parsed.GetValue(json))
                .Line($"{Format.Count(end.Received)} results received, {Format.Count(end.Stored)} of them new{refused}");
            output.Write(parsed.GetValue(json), new { end.Received, end.Stored, end.Refused });
            return SignalCamTool.Ok;
        });
        return command;
    }

    private static void RefusePassword(string option, string connection)
    {
        try
        {
            if (!string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connection).Password))
                throw new UsageException(
                    $"{option}: a password on the command line can be read by others; set PGPASSWORD or PGPASSFILE instead");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }
}
