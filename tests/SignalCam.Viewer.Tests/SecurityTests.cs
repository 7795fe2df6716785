using System.Net;
using System.Net.Http.Headers;
using SignalCam.Testing;

namespace SignalCam.Viewer.Tests;

/// <summary>What browsers are told, what is turned away, and what is not written down.</summary>
public sealed class SecurityTests(ViewerHost host) : IClassFixture<ViewerHost>
{
    private readonly HttpClient _client = host.CreateClient();

    [Theory]
    [InlineData("/")]
    [InlineData("/js/main.js")]
    [InlineData("/api/models")]
    [InlineData("/api/recordings/none")]
    [InlineData("/nowhere")]
    [InlineData("/openapi/v1.json")]
    public async Task Every_answer_has_a_strict_policy(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(path.StartsWith("/api", StringComparison.Ordinal), response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public void Pages_hold_nothing_inline_and_nothing_from_elsewhere()
    {
        var root = Path.Combine(TestData.Root, "src", "SignalCam.Viewer", "wwwroot");
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith(".svg", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain("http://", text, StringComparison.Ordinal);
            Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"(?i)innerHTML|\beval\(|<style|\sstyle=|\son[a-z]+=""", text);
        }
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task Another_sites_page_cannot_change_anything(string header, string value)
    {
        using var form = Uploads.Form(Uploads.Wfdb(Uploads.Recording()));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/recordings") { Content = form };
        request.Headers.Add(header, value);
        using var response = await _client.SendAsync(request);
        Assert.Equal("cross-site", (await response.ProblemAsync()).Kind());
    }

    [Fact]
    public async Task A_host_that_was_not_named_is_not_answered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/models");
        request.Headers.Host = "rebound.example";
        using var response = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Nothing_of_a_patient_is_logged_or_given_back()
    {
        var parts = Uploads.Wfdb(Uploads.Recording(), "Doe_Jane");
        var answer = await _client.OpenAsync(parts.Select(p => p.Name.EndsWith(".hea", StringComparison.Ordinal) ? WithComment(p) : p));
        var id = (string)answer["recordings"]![0]!["id"]!;
        await _client.AskAsync($"/api/recordings/{id}/explanation");
        // What fails is not logged with its message either, which names the file.
        using (var broken = await _client.SendAsync(
        [
            new Part("Doe_Jane.hea", "Doe_Jane 12 100 10\n"), new Part("Doe_Jane.csv", "I,II\nDoe,Jane\n"),
        ], ("rate", "100"), ("unit", "mV")))
            await broken.ProblemAsync();

        Assert.NotEmpty(host.Log.Lines);
        Assert.All(host.Log.Lines, line => Assert.DoesNotContain("Doe", line, StringComparison.Ordinal));
        Assert.All(host.Log.Lines, line => Assert.DoesNotContain("19470311", line, StringComparison.Ordinal));
        foreach (var path in new[] { "", "/signal", "/prepared", "/explanation" })
            Assert.DoesNotContain("19470311",
                await _client.GetStringAsync(new Uri($"/api/recordings/{id}{path}", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_browser_sends_that_is_no_upload_is_turned_away()
    {
        foreach (var type in new[] { "application/json", "text/plain", "multipart/form-data", "multipart/mixed; boundary=x" })
        {
            using var content = new ByteArrayContent([1, 2, 3]);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            using var response = await _client.PostAsync(new Uri("/api/recordings", UriKind.Relative), content);
            Assert.Equal("not-an-upload", (await response.ProblemAsync()).Kind());
        }
    }

    private static Part WithComment(Part header) =>
        new(header.Name, System.Text.Encoding.UTF8.GetString(header.Content) + "# Name: Jane Doe, born 19470311\n");
}
