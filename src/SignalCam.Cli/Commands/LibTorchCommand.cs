using System.CommandLine;
using System.Diagnostics;
using SignalCam.Torch;
using SignalCam.Torch.Native;

namespace SignalCam.Cli.Commands;

/// <summary>`libtorch`: fetches the native library that training needs; the tool's package does not hold it.</summary>
internal static class LibTorchCommand
{
    public static Command Create(CommandOutput output)
    {
        var command = new Command("libtorch",
            "Fetch libtorch for the CPU from NuGet (half a gigabyte), which training and gradient-based explanations need");
        command.SetAction((parsed, cancellationToken) => RunAsync(output, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var folder = NativeTorch.PackageFolder();
        if (folder is null)
            throw new TorchNotFoundException("NuGet has libtorch for Linux on x64, macOS on arm64 and Windows on x64 only");
        if (!Directory.Exists(folder))
            await RestoreAsync(NativeTorch.LibTorchPackage, NativeTorch.LibTorchVersion, cancellationToken);
        if (!Directory.Exists(folder))
            throw new IOException($"{folder}: not there after restoring {NativeTorch.LibTorchPackage}; is another package folder "
                + "configured for NuGet? NUGET_PACKAGES names it to signalcam");
        TorchRuntime.EnsureUsable();
        output.Out.WriteLine($"libtorch {NativeTorch.LibTorchVersion} is in {folder}");
        return SignalCamTool.Ok;
    }

    /// <summary>Has the .NET SDK fetch the package from the configured sources.</summary>
    private static async Task RestoreAsync(string package, string version, CancellationToken cancellationToken)
    {
        var project = Directory.CreateTempSubdirectory("signalcam-libtorch");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(project.FullName, "libtorch.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                  <ItemGroup><PackageDownload Include="{package}" Version="[{version}]" /></ItemGroup>
                </Project>
                """, cancellationToken);
            var start = new ProcessStartInfo("dotnet", ["restore", "--nologo", "libtorch.csproj"])
            {
                WorkingDirectory = project.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var restore = Process.Start(start)!;
            var (text, error) = (restore.StandardOutput.ReadToEndAsync(cancellationToken),
                restore.StandardError.ReadToEndAsync(cancellationToken));
            try
            {
                await restore.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                restore.Kill(entireProcessTree: true);
                throw;
            }
            if (restore.ExitCode != 0)
                throw new IOException($"dotnet restore could not fetch {package} "
                    + $"{version}:{Environment.NewLine}{(await text).Trim()}{Environment.NewLine}{(await error).Trim()}");
        }
        finally
        {
            project.Delete(recursive: true);
        }
    }
}
