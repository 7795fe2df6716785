using System.Text;
using System.Net;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;

namespace SignalCam.Viewer.Tests;

/// <summary>Opening recordings, and what the store does with them.</summary>
public sealed class RecordingTests(ViewerHost host) : IClassFixture<ViewerHost>
{
    private readonly HttpClient _client = host.CreateClient();

    [Fact]
    public async Task A_WFDB_pair_comes_back_sample_by_sample()
    {
        var recording = Uploads.Recording();
        var answer = (await _client.OpenAsync(Uploads.Wfdb(recording, "ward7")))["recordings"]![0]!;
        Assert.Equal("ward7", (string)answer["name"]!);
        Assert.Equal(10, (double)answer["seconds"]!);

        var signal = await _client.AskAsync($"/api/recordings/{answer["id"]}/signal");
        Assert.Equal(100, (double)signal["samplingRate"]!);
        Assert.Equal(SignalLayout.StandardLeads, signal["leads"]!.AsArray().Select(l => (string)l!["name"]!));
        for (var lead = 0; lead < 12; lead++)
            Assert.Equal(recording.Lead(lead).ToArray(), signal["leads"]![lead]!["values"]!.Floats());
    }

    [Fact]
    public async Task A_folder_before_a_file_name_in_a_header_leads_to_the_uploaded_file()
    {
        var recording = Uploads.Recording();
        var pair = Uploads.Wfdb(recording);
        var header = new Part("rec.hea", Encoding.UTF8.GetString(pair.Single(p => p.Name == "rec.hea").Content)
            .Replace("rec.dat", "a/rec.dat", StringComparison.Ordinal));
        var answer = (await _client.OpenAsync([header, pair.Single(p => p.Name == "rec.dat")]))["recordings"]![0]!;
        var signal = await _client.AskAsync($"/api/recordings/{answer["id"]}/signal");
        Assert.Equal(recording.Lead(1).ToArray(), signal["leads"]![1]!["values"]!.Floats());
    }

    [Fact]
    public async Task A_zip_of_several_opens_all_and_names_the_one_that_is_broken()
    {
        var good = new[] { 1, 2, 3 }.SelectMany(i => Uploads.Wfdb(Uploads.Recording((ulong)i), $"r{i}"))
            .Select(p => p with { Name = $"deep/folder/{p.Name}" });
        var answer = await _client.OpenAsync([Uploads.Zip("several.zip", [.. good, new Part("deep/folder/bad.hea", "bad 12 100 1000\n")])]);
        Assert.Equal(["r1", "r2", "r3"], answer["recordings"]!.AsArray().Select(r => (string)r!["name"]!));
        var refused = Assert.Single(answer["refused"]!.AsArray())!;
        Assert.Equal("several.zip/deep/folder/bad.hea", (string)refused["name"]!);
        Assert.Contains("0 signal lines", (string)refused["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_in_segments_is_one_recording()
    {
        var (first, second) = (Uploads.Recording(1), Uploads.Recording(2));
        var master = new Part("long.hea", "long/2 12 100 2000\na 1000\nb 1000\n");
        var answer = await _client.OpenAsync([master, .. Uploads.Wfdb(first, "a"), .. Uploads.Wfdb(second, "b")]);
        var id = (string)Assert.Single(answer["recordings"]!.AsArray())!["id"]!;
        var lead = (await _client.AskAsync($"/api/recordings/{id}/signal"))["leads"]![1]!["values"]!.Floats();
        Assert.Equal([.. first.Lead(1), .. second.Lead(1)], lead);
    }

    [Fact]
    public async Task A_table_that_leaves_rate_and_unit_open_asks_for_both_and_takes_the_answers()
    {
        var recording = Uploads.Recording();
        var table = Uploads.Csv(recording, lead => lead, scale: 1000);
        using (var asked = await _client.SendAsync([table]))
        {
            var problem = await asked.ProblemAsync();
            Assert.Equal("incomplete-table", problem.Kind());
            Assert.Equal(["rate", "unit"], problem["needs"]!.AsArray().Select(n => (string)n!));
        }
        var answer = await _client.OpenAsync([table], ("rate", "100"), ("unit", "uV"));
        await AssertHoldsAsync(answer, recording, 1e-5f);
    }

    [Theory]
    [InlineData("mV", 1, ",")]
    [InlineData("uV", 1000, "\t")]
    [InlineData("V", 0.001, ";")]
    public async Task A_table_that_says_its_time_and_unit_needs_no_answer(string unit, double scale, string separator)
    {
        var recording = Uploads.Recording(4, samplingRate: 500);
        var answer = await _client.OpenAsync([Uploads.Csv(recording, lead => $"{lead} ({unit})", withTime: true, scale, separator)]);
        // Six decimals of a volt are a microvolt.
        await AssertHoldsAsync(answer, recording, 1e-3f);
        Assert.Equal(500, (double)answer["recordings"]![0]!["samplingRate"]!);
    }

    [Theory]
    [InlineData("I;II\n1,5;2,5\n-1,5;\n", new[] { 1.5f, -1.5f }, new[] { 2.5f, float.NaN })]
    [InlineData("# a comment\nI,\"II\"\n1e-1,nan\n\n2,3\n", new[] { 0.1f, 2f }, new[] { float.NaN, 3f })]
    public async Task Decimal_commas_comments_and_gaps_are_read(string text, float[] first, float[] second)
    {
        var answer = await _client.OpenAsync([new Part("t.csv", text)], ("rate", "250"), ("unit", "mV"));
        var leads = (await _client.AskAsync($"/api/recordings/{answer["recordings"]![0]!["id"]}/signal"))["leads"]!;
        Assert.Equal(first, leads[0]!["values"]!.Floats());
        Assert.Equal(second, leads[1]!["values"]!.Floats());
    }

    [Fact]
    public async Task A_recording_can_be_forgotten_and_goes_by_itself_when_nobody_looks_at_it()
    {
        var (forgotten, kept) = (await _client.OpenOneAsync(Uploads.Recording()), await _client.OpenOneAsync(Uploads.Recording(2)));
        Assert.Equal(HttpStatusCode.NoContent,
            (await _client.DeleteAsync(new Uri($"/api/recordings/{forgotten}", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await _client.GetAsync(new Uri($"/api/recordings/{forgotten}", UriKind.Relative))).StatusCode);

        host.Time.Advance(TimeSpan.FromMinutes(29));
        await _client.AskAsync($"/api/recordings/{kept}");
        host.Time.Advance(TimeSpan.FromMinutes(29));
        await _client.AskAsync($"/api/recordings/{kept}");
        host.Time.Advance(TimeSpan.FromMinutes(31));
        using var gone = await _client.GetAsync(new Uri($"/api/recordings/{kept}/signal", UriKind.Relative));
        Assert.Equal("no-such-recording", (await gone.ProblemAsync()).Kind());
        Assert.Equal(0, host.Store.Count);
        Assert.Equal(0, host.Store.Bytes);
    }

    [Fact]
    public async Task The_store_is_bounded_and_the_least_looked_at_goes_first()
    {
        await using var small = new ViewerHost(("Viewer:MaxStored", "3"), ("Viewer:MaxStoredBytes", "1000000"));
        using var client = small.CreateClient();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
            ids.Add(await client.OpenOneAsync(Uploads.Recording((ulong)i)));
        await client.AskAsync($"/api/recordings/{ids[0]}");
        ids.Add(await client.OpenOneAsync(Uploads.Recording(9)));
        Assert.Equal(3, small.Store.Count);
        Assert.NotNull(small.Store.Find(ids[0]));
        Assert.Null(small.Store.Find(ids[1]));

        // 12 x 5000 samples of 4 bytes are 240,000; five of them do not fit into a million bytes, four do.
        await using var light = new ViewerHost(("Viewer:MaxStoredBytes", "1000000"));
        using var other = light.CreateClient();
        for (var i = 0; i < 5; i++)
            await other.OpenOneAsync(Uploads.Recording((ulong)i, samplingRate: 500));
        Assert.Equal(4, light.Store.Count);
        Assert.Equal(960_000, light.Store.Bytes);
    }

    [Fact]
    public async Task Examples_are_always_there_and_cannot_be_forgotten()
    {
        var examples = (await _client.AskAsync("/api/examples")).AsArray();
        Assert.Equal(4, examples.Count);
        var id = (string)examples[0]!["id"]!;
        Assert.Equal(HttpStatusCode.NotFound, (await _client.DeleteAsync(new Uri($"/api/recordings/{id}", UriKind.Relative))).StatusCode);
        Assert.Equal("example", (string)(await _client.AskAsync($"/api/recordings/{id}"))["source"]!);
    }

    private async Task AssertHoldsAsync(JsonNode answer, EcgSignal expected, float tolerance)
    {
        var id = (string)Assert.Single(answer["recordings"]!.AsArray())!["id"]!;
        var leads = (await _client.AskAsync($"/api/recordings/{id}/signal"))["leads"]!.AsArray();
        Assert.Equal(expected.Leads, leads.Select(l => (string)l!["name"]!));
        for (var lead = 0; lead < leads.Count; lead++)
            Assert.All(expected.Lead(lead).ToArray().Zip(leads[lead]!["values"]!.Floats()),
                pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
