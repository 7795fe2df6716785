using System.CommandLine;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using SignalCam.Cli.Plugins;
using SignalCam.Viewer;

namespace SignalCam.Cli.Commands;

/// <summary>`view`: ECGs and why they were called abnormal, in a browser.</summary>
internal static class ViewCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var data = CommonOptions.PtbXlFolder();
        data.Description = "A folder in PTB-XL's layout to pick recordings from";
        var urls = new Option<string?>("--urls")
        {
            Description = "Where to listen; port 0 takes a free one [http://127.0.0.1:5080]",
            HelpName = "URL",
        };
        var settings = new Option<FileInfo?>("--settings")
        {
            Description = "A JSON file of settings; see docs/viewer.md",
            HelpName = "FILE",
        };
        var device = new Option<string?>("--device") { Description = "auto, cpu, cuda or cuda:N [auto]" };
        var command = new Command("view",
            "Shows ECGs, what a model says of them and why, in a browser, until it is stopped") { urls, data, settings, device };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var given = Read(parsed.GetValue(settings));
            // What is said on the command line itself wins over the file.
            foreach (var (name, value) in new[]
            {
                ("Urls", parsed.GetValue(urls)), ("Viewer:Folder", parsed.GetValue(data)), ("SignalCam:Device", parsed.GetValue(device)),
            })
                if (value is not null)
                    given[name] = value;
            await using var app = Application(given, services.GetRequiredService<ToolPlugins>());
            foreach (var address in await StartAsync(app, cancellationToken))
                await output.Out.WriteLineAsync($"SignalCam viewer: {address} (research use, not a medical device; Ctrl-C ends it)");
            await app.WaitForShutdownAsync(cancellationToken);
            return SignalCamTool.Ok;
        });
        return command;
    }

    // Standard output is for the address alone.
    private static WebApplication Application(Dictionary<string, string?> settings, ToolPlugins plugins) =>
        ViewerApplication.Create(settings, builder =>
        {
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            plugins.Configure(builder.Services.AddSignalCam());
        });

    private static async Task<IReadOnlyCollection<Uri>> StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            return await ViewerApplication.StartAsync(app, cancellationToken);
        }
        catch (OptionsValidationException e)
        {
            throw new UsageException(string.Join(Environment.NewLine, e.Failures));
        }
        // An address that is none, and one of HTTPS without a certificate.
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new UsageException($"the viewer cannot listen: {e.Message}");
        }
    }

    private static Dictionary<string, string?> Read(FileInfo? file)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (file is null)
            return settings;
        var read = OptionFile.Read("--settings", file.FullName, "a JSON object of settings", text =>
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
            return new ConfigurationBuilder().AddJsonStream(stream).Build();
        });
        foreach (var (name, value) in read.AsEnumerable())
            if (value is not null)
                settings[name] = value;
        return settings;
    }
}
