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
using SignalCam.Imaging;
using SignalCam.Viewer;

namespace SignalCam.Cli.Commands;

/// <summary>`view`: ECGs and why they were called abnormal, in a browser.</summary>
internal static class ViewCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var data = CommonOptions.PtbXlFolder();
        data.Description = "Folder in PTB-XL's layout to choose recordings from";
        var urls = new Option<string?>("--urls")
        {
            Description = "Addresses to listen on; port 0 selects a free port [http://127.0.0.1:5080]",
            HelpName = "URL",
        };
        var settings = new Option<FileInfo?>("--settings")
        {
            Description = "JSON file with settings; see docs/viewer.md",
            HelpName = "FILE",
        };
        var device = new Option<string?>("--device") { Description = "Device: auto, cpu, cuda or cuda:N [auto]", HelpName = "DEVICE" };
        var command = new Command(
            "view", "Show ECGs with answers and evidence in a browser, until stopped") { urls, data, settings, device };
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
            builder.Services.AddSingleton<IPdfWriter, PdfWriter>();
            plugins.Configure(builder.Services.AddSignalCam());
        });

    private sealed class PdfWriter : IPdfWriter
    {
        public byte[] Write(string title, string svg) => SvgImage.ToPdf(title, svg);
    }

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
        // An invalid address, or an HTTPS address without a certificate.
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
