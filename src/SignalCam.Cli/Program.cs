using SignalCam.Cli;

return await SignalCamTool.RunAsync(args);
