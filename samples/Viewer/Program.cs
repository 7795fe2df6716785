using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Viewer;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddViewer();
// Standard output is for the address alone.
builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);

await using var app = builder.Build();
app.UseViewer();
try
{
    // The host would do this, too, but tell it with a stack trace. The messages name the setting, its value and what is allowed.
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    await app.StartAsync();
}
catch (Exception e) when (e is OptionsValidationException or AggregateException or IOException)
{
    await Console.Error.WriteLineAsync(e is AggregateException several ? string.Join(Environment.NewLine, several.InnerExceptions.Select(i => i.Message)) : e.Message);
    return 2;
}
foreach (var address in app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses)
    Console.WriteLine($"SignalCam viewer: {address} (research use, not a medical device; Ctrl-C ends it)");
await app.WaitForShutdownAsync();
return 0;
