using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Cli;

var services = new ServiceCollection();
services.AddSignalCam();
await using var provider = services.BuildServiceProvider();

return await SignalCamTool.RunAsync(args, provider, CommandOutput.ForConsole());
