using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace SignalCam.Testing;

/// <summary>What many clients at once saw.</summary>
/// <param name="Calls">Explanations that were asked for.</param>
/// <param name="Errors">Those that were not answered, or not with an explanation.</param>
/// <param name="Alone">Milliseconds of a call of one client alone: the median.</param>
/// <param name="Median">Milliseconds of a call of one among many.</param>
/// <param name="P99">The 99th percentile of the same.</param>
public sealed record LoadResult(int Calls, int Errors, double Alone, double Median, double P99)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Calls} explanations, {Errors} errors; alone {Alone:0.00} ms, at once median {Median:0.0} ms, "
        + $"99th percentile {P99:0.0} ms, which is {P99 / Alone:0.0} times a call alone");
}

/// <summary>Asks a viewer for explanations, one client alone first, then many at once, each as fast as it is answered.</summary>
public static class ViewerLoad
{
    private const int CallsAlone = 300;
    private const int LeastBytes = 5000;

    /// <summary>Runs the load.</summary>
    /// <param name="address">Where the viewer listens.</param>
    /// <param name="uploads">A form to upload for each client, so that no two ask for the same recording.</param>
    /// <param name="time">How long all of them ask.</param>
    public static async Task<LoadResult> RunAsync(Uri address, IReadOnlyList<MultipartFormDataContent> uploads, TimeSpan time)
    {
        using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
        var paths = new List<Uri>();
        foreach (var upload in uploads)
        {
            using var opened = await client.PostAsync(new Uri("/api/recordings", UriKind.Relative), upload);
            var answer = await opened.Content.ReadFromJsonAsync<JsonNode>();
            paths.Add(new Uri($"/api/recordings/{answer!["recordings"]![0]!["id"]}/explanation", UriKind.Relative));
        }
        var alone = new List<double>();
        for (var i = 0; i < CallsAlone; i++)
            alone.Add(await CallAsync(client, paths[i % paths.Count])
                ?? throw new InvalidOperationException("a client alone was not answered"));

        var times = new ConcurrentQueue<double?>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(paths.Select(path => Task.Run(async () =>
        {
            while (clock.Elapsed < time)
                times.Enqueue(await CallAsync(client, path));
        })));
        var answered = times.OfType<double>().Order().ToArray();
        // The first third warms up.
        var warm = alone[(CallsAlone / 3)..].Order().ToArray();
        return new LoadResult(times.Count, times.Count - answered.Length, warm[warm.Length / 2], answered[answered.Length / 2],
            answered[(int)(answered.Length * 0.99)]);
    }

    /// <summary>Milliseconds of a call; null when it was not answered.</summary>
    private static async Task<double?> CallAsync(HttpClient client, Uri path)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var response = await client.GetAsync(path);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            return response.IsSuccessStatusCode && bytes.Length > LeastBytes ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}
