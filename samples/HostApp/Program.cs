using HostApp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });

// The whole set-up. Without a model in the section SignalCam (of appsettings.json, of the environment or of the command line) the
// pretrained weights normal-abnormal classify; --SignalCam:Models:own:Path=FILE takes their place.
builder.Services.AddSignalCam(builder.Configuration);

builder.Services.AddHostedService<FolderWorker>();
builder.Services.AddOptions<FolderOptions>()
    .Bind(builder.Configuration)
    .Validate(options => Directory.Exists(options.Folder),
        $"Folder is {builder.Configuration["Folder"]}: there is no such folder; name one with WFDB recordings, such as --Folder=records")
    .ValidateOnStart();

// Standard output is for results alone.
builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);

using var host = builder.Build();
try
{
    // The host would do this, too, but tell it with a stack trace. The messages name the setting, its value and what is allowed.
    host.Services.GetRequiredService<IStartupValidator>().Validate();
}
catch (Exception e) when (e is OptionsValidationException or AggregateException)
{
    await Console.Error.WriteLineAsync(
        e is AggregateException several ? string.Join(Environment.NewLine, several.InnerExceptions.Select(i => i.Message)) : e.Message);
    return 2;
}
await host.RunAsync();
return Environment.ExitCode;
