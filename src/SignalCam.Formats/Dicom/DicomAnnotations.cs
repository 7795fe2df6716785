using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Dicom;

/// <summary>
/// Waveform Annotation Sequence, PS3.3 C.10.10: texts, codes and measurements, of the whole recording or of a place in it.
/// </summary>
internal static class DicomAnnotations
{
    public static List<EcgAnnotation> Read(DicomData data, IReadOnlyList<DicomGroup> groups)
    {
        var annotations = new List<EcgAnnotation>();
        var start = groups.Where(g => !g.IsBeat).Select(g => g.OffsetSeconds).DefaultIfEmpty(0).Min();
        foreach (var item in data.Items(DicomTag.Annotations))
        {
            var name = Meaning(item, DicomTag.ConceptName);
            var text = item.Text(DicomTag.AnnotationText) ?? Meaning(item, DicomTag.Concept);
            var value = Value(item);
            if ((name ?? text) is null)
                continue;
            var annotation = new EcgAnnotation(string.Join(": ", new[] { name, text }.OfType<string>())) { Value = value };
            annotations.AddRange(Placed(annotation, item, groups, start));
        }
        return annotations;
    }

    private static string? Value(DicomData item)
    {
        if (item.Text(DicomTag.NumericValue) is not { } number)
            return null;
        var unit = item.Item(DicomTag.MeasurementUnits)?.Text(DicomTag.CodeValue);
        return unit is null ? number : $"{number} {unit}";
    }

    /// <summary>One annotation per place that the item names; one without a place where it names none.</summary>
    private static IEnumerable<EcgAnnotation> Placed(EcgAnnotation annotation, DicomData item, IReadOnlyList<DicomGroup> groups,
        double start)
    {
        var channels = item.UnsignedShorts(DicomTag.ReferencedChannels);
        var group = channels.Count >= 2 && channels[0] >= 1 && channels[0] <= groups.Count ? groups[channels[0] - 1] : null;
        // Pairs of group and channel, both from 1; channel 0 stands for all of the group.
        if (channels.Count == 2 && group is not null && channels[1] >= 1 && channels[1] <= group.Channels.Count)
            annotation = annotation with { Lead = group.Channels[channels[1] - 1].Name };
        var places = Places(item, group);
        if (places.Count == 0)
            return [annotation];
        // A place in the average beat is no place in the recording.
        if (group is { IsBeat: true })
        {
            var at = $"at {string.Join(", ", places.Select(Milliseconds))} of the average beat";
            return [annotation with { Value = annotation.Value is { } value ? $"{value}, {at}" : at }];
        }
        var origin = (group?.OffsetSeconds ?? start) - start;
        return item.Text(DicomTag.TemporalRange) is "SEGMENT" or "MULTISEGMENT"
            ? places.Chunk(2).Select(pair =>
                annotation with { Seconds = origin + pair[0], Duration = pair.Length == 2 ? pair[1] - pair[0] : null })
            : places.Select(place => annotation with { Seconds = origin + place });
    }

    /// <summary>Seconds after the beginning of the group. Sample positions count from 1.</summary>
    private static IReadOnlyList<double> Places(DicomData item, DicomGroup? group)
    {
        if (group is not null && item.Has(DicomTag.ReferencedSamples))
            return [.. item.UnsignedLongs(DicomTag.ReferencedSamples).Select(sample => (sample - 1) / group.SamplingRate)];
        return [.. item.Decimals(DicomTag.ReferencedOffsets).Select(offset => offset / 1000)];
    }

    private static string? Meaning(DicomData item, uint sequence)
    {
        var code = item.Item(sequence);
        return code?.Text(DicomTag.CodeMeaning) ?? code?.Text(DicomTag.CodeValue);
    }

    private static string Milliseconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.###} ms");
}
