using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Formats;
using SignalCam.Viewer;
using SignalCam.Viewer.Problems;
using SignalCam.Viewer.Uploads;

namespace SignalCam.Fuzz.Recordings;

/// <summary>Changed uploads to the viewer: the multipart body, the archive in it, a table or a WFDB recording.</summary>
internal sealed class UploadKind : FuzzKind
{
    private const string Boundary = "fuzz-boundary";
    private const string Header = "rec 2 100 20\nrec.dat 16 1000.0(0)/mV 16 0 0 0 0 I\nrec.dat 16 1000.0(0)/mV 16 0 0 0 0 II\n";
    private const string Table = "time (s),I (mV),II (mV)\n0.00,0.1,-0.2\n0.01,0.2,0.3\n0.02,0.3,1e-3\n";

    private static readonly ViewerOptions s_options = new() { MaxUploadBytes = 1 << 20, MaxUnpackedBytes = 2 << 20, MaxSamples = 1 << 20 };

    private static readonly EcgFileReader s_formats = new(EcgFile.Formats);

    private readonly UploadReader _reader = new(Options.Create(s_options), new UploadBudget(Options.Create(s_options)));

    /// <inheritdoc/>
    public override string Name => "upload";

    /// <inheritdoc/>
    public override string Description => "changed uploads to the viewer: body, archive, table, recording";

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var random = new EcgRandom(seed);
        var context = new DefaultHttpContext();
        context.Request.ContentType = $"multipart/form-data; boundary={Boundary}";
        context.Request.Body = new MemoryStream(Body(random), writable: false);
        try
        {
            using var received = _reader.ReceiveAsync(context.Request, CancellationToken.None).GetAwaiter().GetResult();
            var upload = UploadReader.UnpackAsync(received, CancellationToken.None).GetAwaiter().GetResult();
            var (opened, refused) = new UploadedRecordings(s_formats, upload, s_options, CancellationToken.None).Read();
            if (opened.Count == 0 || opened.Any(one => one.Recording.Signal.Samples.Length > s_options.MaxSamples)
                || refused.Any(file => file.Reason.Length == 0))
                throw new WrongAnswerException($"{opened.Count} recordings opened, {refused.Count} refused");
        }
        catch (ViewerProblemException e)
        {
            throw new RefusedInputException(e.Message, e);
        }
    }

    private static byte[] Body(EcgRandom random)
    {
        var files = new List<(string Name, byte[] Content)>
        {
            ("rec.hea", Encoding.ASCII.GetBytes(Header)), ("rec.dat", new byte[80]), ("table.csv", Encoding.ASCII.GetBytes(Table)),
        };
        var whole = random.Below(4);
        if (whole < 2)
            for (var i = 0; i < files.Count; i++)
                if (random.Chance(0.6))
                    files[i] = (files[i].Name, ByteMutator.Mutate(files[i].Content, random));
        if (random.Chance(0.4))
        {
            var zip = Zip(files);
            files = [("all.zip", whole == 2 ? ByteMutator.Mutate(zip, random) : zip)];
        }
        var body = Multipart(files);
        return whole == 3 ? ByteMutator.Mutate(body, random) : body;
    }

    private static byte[] Zip(List<(string Name, byte[] Content)> files)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry("folder/" + name).Open();
                entry.Write(content);
            }
        return bytes.ToArray();
    }

    private static byte[] Multipart(List<(string Name, byte[] Content)> files)
    {
        var body = new List<byte>();
        foreach (var (name, content) in files)
            body.AddRange([
                .. Encoding.ASCII.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=files; filename=\"{name}\"\r\n\r\n"),
                .. content, .. "\r\n"u8]);
        body.AddRange(
            Encoding.ASCII.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=unit\r\n\r\nmV\r\n--{Boundary}--\r\n"));
        return [.. body];
    }
}
