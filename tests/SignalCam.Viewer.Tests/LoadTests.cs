using SignalCam.Testing;
using Xunit.Abstractions;

namespace SignalCam.Viewer.Tests;

/// <summary>
/// Fifty clients at once, for a few seconds: each is answered, all the time. How long they wait depends on what else the machine
/// does, so <c>build/bench.sh viewer</c> measures it, for a minute.
/// </summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Fifty_clients_at_once_are_all_answered()
    {
        await using var viewer = await ViewerProcess.StartAsync();
        var uploads = Enumerable.Range(0, 50).Select(i => Uploads.Form(Uploads.Wfdb(Uploads.Recording((ulong)i)))).ToArray();
        var result = await ViewerLoad.RunAsync(viewer.Address, uploads, TimeSpan.FromSeconds(4));
        output.WriteLine($"{result}");
        Assert.Equal(0, result.Errors);
        Assert.True(result.Calls > 50, $"{result}");
    }
}
