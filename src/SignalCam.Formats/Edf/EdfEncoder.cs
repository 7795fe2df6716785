using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Edf;

/// <summary>Puts the bytes of an EDF+ file together.</summary>
internal static class EdfEncoder
{
    private const int FixedBytes = 256;
    private const string AnnotationLabel = "EDF Annotations";

    public static byte[] Encode(EcgRecording recording, string[] labels, EdfScale[] scales, IReadOnlyList<EdfStretch> stretches,
        EdfGrid grid)
    {
        var signal = recording.Signal;
        var places = stretches.SelectMany(s => Enumerable.Range(0, s.Length / grid.SamplesPerRecord)
            .Select(r => s.Start + (r * grid.SamplesPerRecord))).ToArray();
        var lists = EdfAnnotationLists.Of(recording, places);
        var listBytes = (lists.Max(l => l.Length) + 1) / 2 * 2;
        var headerBytes = FixedBytes * (labels.Length + 2);
        var recordBytes = (2 * labels.Length * grid.SamplesPerRecord) + listBytes;
        var bytes = new byte[headerBytes + ((long)places.Length * recordBytes)];
        var header = Header(recording, labels, scales, stretches.Count > 1, places.Length, grid, listBytes);
        Encoding.ASCII.GetBytes(header, bytes);
        for (var record = 0; record < places.Length; record++)
        {
            var target = bytes.AsSpan(headerBytes + (record * recordBytes), recordBytes);
            for (var lead = 0; lead < labels.Length; lead++)
            {
                var samples = signal.Lead(lead).Slice(places[record], grid.SamplesPerRecord);
                var line = scales[lead].In(EdfScaleSearch.Millivolt);
                for (var t = 0; t < samples.Length; t++)
                    BinaryPrimitives.WriteInt16LittleEndian(
                        target[(2 * ((lead * grid.SamplesPerRecord) + t))..],
                        EdfScaleSearch.Digital(samples[t], scales[lead], line)!.Value);
            }
            lists[record].CopyTo(target[^listBytes..]);
        }
        return bytes;
    }

    private static string Header(
        EcgRecording recording, string[] labels, EdfScale[] scales, bool isDiscontinuous, int records, EdfGrid grid, int listBytes)
    {
        var text = new StringBuilder();
        Add("0", 8);
        Add("X X X X", 80);
        Add(RecordingField(recording), 80);
        var start = recording.Start?.Local;
        // Two digits say the years 1985 to 2084; beyond them the recording field alone does.
        Add(start is null ? "01.01.85" : start.Value.Year is >= 1985 and <= 2084 ? Say($"{start:dd.MM.yy}") : Say($"{start:dd.MM}.yy"), 8);
        Add(Say($"{start ?? DateTime.MinValue:HH.mm.ss}"), 8);
        Add(Say($"{FixedBytes * (labels.Length + 2)}"), 8);
        Add(isDiscontinuous ? "EDF+D" : "EDF+C", 44);
        Add(Say($"{records}"), 8);
        Add(grid.Duration, 8);
        Add(Say($"{labels.Length + 1}"), 4);
        AddForAll(l => labels[l], AnnotationLabel, 16);
        AddForAll(_ => "", "", 80);
        AddForAll(_ => "uV", "", 8);
        AddForAll(l => Say($"{scales[l].PhysicalMinimum:0.#######}"), "-1", 8);
        AddForAll(l => Say($"{scales[l].PhysicalMaximum:0.#######}"), "1", 8);
        AddForAll(l => Say($"{scales[l].DigitalMinimum}"), "-32768", 8);
        AddForAll(l => Say($"{scales[l].DigitalMaximum}"), "32767", 8);
        AddForAll(_ => "", "", 80);
        AddForAll(_ => Say($"{grid.SamplesPerRecord}"), Say($"{listBytes / 2}"), 8);
        AddForAll(_ => "", "", 32);
        return text.ToString();

        void Add(string value, int length) => text.Append(value.PadRight(length)[..length]);

        void AddForAll(Func<int, string> ofLead, string ofAnnotations, int length)
        {
            for (var lead = 0; lead < labels.Length; lead++)
                Add(ofLead(lead), length);
            Add(ofAnnotations, length);
        }
    }

    private static string RecordingField(EcgRecording recording)
    {
        var date = recording.Start is { } start ? Say($"{start.Local:dd-MMM-yyyy}").ToUpperInvariant() : "X";
        var model = recording.Metadata.GetValueOrDefault(FieldNames.Model, "");
        var equipment = string.Concat(model.Trim().Select(c => c is > ' ' and <= '~' ? c : '_'));
        return $"Startdate {date} X X {(equipment.Length > 0 ? equipment : "X")}";
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
