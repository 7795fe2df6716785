using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Benchmarks;

/// <summary>Fifty clients at once ask the viewer for explanations on loopback, for a minute; against a call of one client alone.</summary>
internal static class ViewerClients
{
    private const int Clients = 50;

    public static async Task PrintAsync()
    {
        await using var viewer = await ViewerProcess.StartAsync();
        var result = await ViewerLoad.RunAsync(viewer.Address, [.. Enumerable.Range(0, Clients).Select(Form)], TimeSpan.FromMinutes(1));
        Console.WriteLine($"{Clients} clients at once for a minute: {result}");
    }

    private static MultipartFormDataContent Form(int seed)
    {
        var folder = Directory.CreateTempSubdirectory("signalcam-viewer-").FullName;
        try
        {
            WfdbWriter.Write(folder, "rec", SyntheticEcg.Generate(new SyntheticOptions(), new EcgRandom((ulong)seed)).Signal);
            var form = new MultipartFormDataContent();
            foreach (var file in Directory.GetFiles(folder))
                form.Add(new ByteArrayContent(File.ReadAllBytes(file)), "files", Path.GetFileName(file));
            return form;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
