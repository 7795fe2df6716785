using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Viewer.Tests;

/// <summary>A file to upload.</summary>
internal sealed record Part(string Name, byte[] Content)
{
    public Part(string name, string content)
        : this(name, Encoding.UTF8.GetBytes(content))
    {
    }
}

/// <summary>Makes uploads and sends them.</summary>
internal static class Uploads
{
    /// <summary>A synthetic recording; whole microvolts, so that a WFDB file of 1000 units per millivolt keeps every sample.</summary>
    public static EcgSignal Recording(
        ulong seed = 1, double seconds = 10, double samplingRate = 100, params IReadOnlyList<string> statements) =>
            SyntheticEcg.Generate(new SyntheticOptions { Seconds = seconds, SamplingRate = samplingRate, Statements = statements },
                new EcgRandom(seed)).Signal;

    /// <summary>A recording as its header and signal file.</summary>
    public static Part[] Wfdb(EcgSignal recording, string name = "rec")
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, name, recording);
        return [.. Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal)
            .Select(file => new Part(Path.GetFileName(file), File.ReadAllBytes(file)))];
    }

    public static Part Zip(string name, params IEnumerable<Part> parts)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var part in parts)
            {
                using var entry = zip.CreateEntry(part.Name).Open();
                entry.Write(part.Content);
            }
        return new Part(name, bytes.ToArray());
    }

    /// <summary>A recording as a table, with the names of the columns as given.</summary>
    public static Part Csv(EcgSignal recording, Func<string, string> column, bool withTime = false,
        double scale = 1, string separator = ",")
    {
        var text = new StringBuilder();
        text.AppendLine(string.Join(separator, [.. withTime ? new[] { "time (s)" } : [], .. recording.Leads.Select(column)]));
        for (var t = 0; t < recording.Length; t++)
            text.AppendLine(string.Join(separator, [
                .. withTime ? new[] { Text(t / recording.SamplingRate) } : [],
                .. Enumerable.Range(0, recording.Leads.Count).Select(lead => Text(recording.Lead(lead)[t] * scale))]));
        return new Part("table.csv", text.ToString());
    }

    public static MultipartFormDataContent Form(IEnumerable<Part> parts, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        foreach (var part in parts)
            form.Add(new ByteArrayContent(part.Content), "files", part.Name);
        return form;
    }

    public static async Task<HttpResponseMessage> SendAsync(
        this HttpClient client, IEnumerable<Part> parts, params (string Name, string Value)[] fields)
    {
        using var form = Form(parts, fields);
        return await client.PostAsync(new Uri("/api/recordings", UriKind.Relative), form);
    }

    /// <summary>Uploads what can be opened, and gives the answer.</summary>
    public static async Task<JsonNode> OpenAsync(
        this HttpClient client, IEnumerable<Part> parts, params (string Name, string Value)[] fields)
    {
        using var response = await client.SendAsync(parts, fields);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Uploads one recording, and gives its id.</summary>
    public static async Task<string> OpenOneAsync(this HttpClient client, EcgSignal recording) =>
        (string)(await client.OpenAsync(Wfdb(recording)))["recordings"]!.AsArray().Single()!["id"]!;

    public static async Task<JsonNode> AskAsync(this HttpClient client, string path) =>
        (await client.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative)))!;

    /// <summary>The problem that a request is answered with, held to what all have in common.</summary>
    public static async Task<JsonNode> ProblemAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.StartsWith("urn:signalcam:viewer:", (string)problem["type"]!, StringComparison.Ordinal);
        Assert.NotEmpty((string)problem["title"]!);
        Assert.NotEmpty((string)problem["detail"]!);
        Assert.Equal((int)response.StatusCode, (int)problem["status"]!);
        return problem;
    }

    /// <summary>The last part of a problem's type.</summary>
    public static string Kind(this JsonNode problem) => ((string)problem["type"]!).Split(':')[^1];

    public static float[] Floats(this JsonNode values) => [.. values.AsArray().Select(v => v is null ? float.NaN : (float)v)];

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
