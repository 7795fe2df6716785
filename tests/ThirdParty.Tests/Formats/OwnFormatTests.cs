using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Formats;
using SignalCam.Sdk;
using SignalCam.Sdk.Classification;
using SignalCam.Testing;

namespace ThirdParty.Tests.Formats;

/// <summary>An outsider's file format, opened through the host.</summary>
public sealed class OwnFormatTests
{
    [Fact]
    public async Task A_file_of_an_outsiders_format_is_read_and_classified_like_any_other()
    {
        using var folder = TestData.Folder();
        var path = folder["recording"];
        var signal = SyntheticEcg.Generate(new SyntheticOptions { Seconds = 10 }, new EcgRandom(5)).Signal;
        var written = Write(path, signal);
        await using var provider = Host();

        var reader = provider.GetRequiredService<EcgFileReader>();
        var recording = reader.Read(path);

        Assert.Equal("strip", recording.Format);
        Assert.Equal(signal.Layout, recording.Signal.Layout);
        Assert.Equal(written, recording.Signal.Samples.ToArray());
        Assert.Throws<EcgFormatException>(() => EcgFile.Read(path));

        var expected = provider.GetRequiredService<IEcgClassifier>().Classify(recording);
        var answer = await provider.GetRequiredService<IClassificationService>()
            .ClassifyAsync(new ClassificationRequest { Files = [path] }).SingleAsync();
        Assert.Equal(expected.Scores[0].Logit, answer.GetAnswer().Scores[0].Logit);
        var streamed = await RecordingSource.FromFiles([path], reader: reader).Single().ReadAsync();
        Assert.Equal("strip", streamed.Format);
    }

    [Fact]
    public async Task Own_formats_are_asked_before_the_built_in_ones_which_stay_in_their_order()
    {
        await using var provider = Host();
        Assert.Equal(
            ["strip", .. EcgFile.Formats.Select(format => format.Name)],
            provider.GetRequiredService<EcgFileReader>().Formats.Select(format => format.Name));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_an_error_that_lists_the_names()
    {
        var services = new ServiceCollection();
        services.AddSignalCam().AddFormat("DICOM", _ => new StripFormat(new StripOptions()));
        await using var provider = services.BuildServiceProvider();
        var error = Assert.Throws<ArgumentException>(() => provider.GetRequiredService<EcgFileReader>());
        Assert.Contains("a format called 'DICOM' already exists", error.Message, StringComparison.Ordinal);
        Assert.Contains("scp-ecg", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("STRIP 250 I", "line 1")]
    [InlineData("STRIP x I\nab", "line 1")]
    [InlineData("STRIP 250 I,II\nabc", "byte 15")]
    public async Task What_is_wrong_with_a_file_is_said_with_its_place(string content, string place)
    {
        await using var provider = Host();
        var error = Assert.Throws<EcgFormatException>(() => provider.GetRequiredService<EcgFileReader>()
            .Read(new MemoryStream(Encoding.ASCII.GetBytes(content)), "strip.bin"));
        Assert.Equal(("strip.bin", place), (error.File, error.Position));
    }

    private static ServiceProvider Host()
    {
        var services = new ServiceCollection();
        services.AddSignalCam(o => o.Device = "cpu").AddFormat<StripFormat, StripOptions>("strip", o => o.MaxSeconds = 60);
        return services.BuildServiceProvider();
    }

    /// <summary>Writes whole microvolts, and gives what is then in the file.</summary>
    private static float[] Write(string path, EcgSignal signal)
    {
        var (leads, length) = (signal.Layout.LeadCount, signal.Length);
        var (body, written) = (new byte[2 * leads * length], new float[leads * length]);
        for (var lead = 0; lead < leads; lead++)
            for (var t = 0; t < length; t++)
            {
                var microvolt = (short)Math.Round(signal.Lead(lead)[t] * 1000);
                BinaryPrimitives.WriteInt16LittleEndian(body.AsSpan(2 * (t * leads + lead)), microvolt);
                written[lead * length + t] = microvolt / 1000f;
            }
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes(FormattableString.Invariant(
            $"STRIP {signal.SamplingRate} {string.Join(',', signal.Leads)}\n")), .. body]);
        return written;
    }
}
