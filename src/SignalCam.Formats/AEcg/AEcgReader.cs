using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.AEcg;

/// <summary>Reads an aECG document. Elements that the schema does not know are passed over, since vendors add their own.</summary>
internal sealed class AEcgReader
{
    private const string AgeCode = "21612-7";

    private readonly XmlCursor _xml;
    private readonly EcgReadOptions _options;
    private readonly AEcgDocument _document = new();

    private AEcgReader(XmlCursor xml, EcgReadOptions options) => (_xml, _options) = (xml, options);

    /// <param name="xml">At the root element.</param>
    /// <param name="options">What to read.</param>
    public static AEcgDocument Read(XmlCursor xml, EcgReadOptions options)
    {
        var reader = new AEcgReader(xml, options);
        foreach (var name in xml.Children())
            switch (name)
            {
                case "effectiveTime":
                    reader._document.EffectiveTime = reader.ReadBegin();
                    break;
                case "componentOf" when options.IncludePatient:
                    reader.ReadVisit();
                    break;
                case "controlVariable" when options.IncludePatient:
                    reader.ReadObservation(null);
                    break;
                case "component":
                    reader.ReadComponent();
                    break;
            }
        return reader._document;
    }

    private void ReadComponent()
    {
        foreach (var name in _xml.Children())
        {
            if (name != "series")
                continue;
            var series = ReadSeries();
            if (series.Sets.Count == 0 && series.Derived.Count == 0)
                continue;
            (series.Code == "REPRESENTATIVE_BEAT" ? _document.Beats : _document.Rhythms).Add(series);
        }
    }

    private AEcgSeries ReadSeries()
    {
        var series = new AEcgSeries();
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "code":
                    series.Code = _xml.Attribute("code");
                    break;
                case "effectiveTime":
                    series.EffectiveTime = ReadBegin();
                    break;
                case "author":
                    ReadDevice(series);
                    break;
                case "controlVariable":
                    ReadControl(series);
                    break;
                case "component":
                    ReadSequenceSets(series);
                    break;
                case "subjectOf":
                    AEcgAnnotationReader.Read(_xml, series);
                    break;
                case "derivation":
                    ReadDerived(series);
                    break;
            }
        return series;
    }

    private void ReadDerived(AEcgSeries series)
    {
        foreach (var name in _xml.Children())
            if (name == "derivedSeries" && ReadSeries() is { } derived && (derived.Sets.Count > 0 || derived.Annotations.Count > 0))
                series.Derived.Add(derived);
    }

    private void ReadSequenceSets(AEcgSeries series)
    {
        foreach (var name in _xml.Children())
            if (name == "sequenceSet" && AEcgSequenceReader.Read(_xml) is { Leads.Count: > 0 } set)
                series.Sets.Add(set);
    }

    private void ReadDevice(AEcgSeries series)
    {
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "seriesAuthor" or "manufacturedSeriesDevice":
                    ReadDevice(series);
                    break;
                case "manufacturerModelName":
                    AddText(series.Metadata, FieldNames.Model);
                    break;
                case "softwareName":
                    AddText(series.Metadata, FieldNames.Software);
                    break;
                case "manufacturerOrganization":
                    foreach (var inner in _xml.Children())
                        if (inner == "name")
                            AddText(series.Metadata, FieldNames.Manufacturer);
                    break;
            }
    }

    /// <summary>A control variable holds others: the outermost code names what the innermost values describe.</summary>
    private void ReadControl(AEcgSeries series)
    {
        string? key = null;
        List<string> values = [];
        ReadControl(ref key, values);
        if (key is null)
            return;
        // A filter has a frequency and perhaps a description.
        const string Hertz = " Hz";
        var frequencies = values.Where(v => v.EndsWith(Hertz, StringComparison.Ordinal)).Select(v => v[..^Hertz.Length]).ToArray();
        var others = values.Where(v => !v.EndsWith(Hertz, StringComparison.Ordinal)).ToArray();
        var name = AEcgNames.Control(key);
        if (frequencies.Length > 0)
            series.Metadata.TryAdd(name, string.Join(", ", frequencies));
        if (others.Length > 0)
            series.Metadata.TryAdd(AEcgNames.Description(name), string.Join(", ", others));
    }

    private void ReadControl(ref string? key, List<string> values)
    {
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "controlVariable" or "component":
                    ReadControl(ref key, values);
                    break;
                case "code":
                    key ??= _xml.Attribute("code");
                    break;
                case "value" when ReadValue() is { } value:
                    values.Add(value);
                    break;
            }
    }

    private void ReadVisit()
    {
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "timepointEvent" or "componentOf" or "subjectAssignment" or "subject":
                    ReadVisit();
                    break;
                case "trialSubject":
                    ReadSubject();
                    break;
            }
    }

    private void ReadSubject()
    {
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "id":
                    AddPatient(FieldNames.PatientId, _xml.Attribute("extension"));
                    break;
                case "subjectDemographicPerson":
                    ReadPerson();
                    break;
            }
    }

    private void ReadPerson()
    {
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "name":
                    AddPatient(FieldNames.PatientName, _xml.DeepText());
                    break;
                case "administrativeGenderCode":
                    AddPatient(FieldNames.Sex, _xml.Attribute("code"));
                    break;
                case "birthTime":
                    var birth = _xml.Attribute("value");
                    AddPatient(FieldNames.BirthDate, AEcgTime.Parse(birth) is { } day
                        ? FormattableString.Invariant($"{day.Local:yyyy-MM-dd}") : birth);
                    break;
                // Not in the schema, but written by devices in the field.
                case "PatientID":
                    AddPatient(FieldNames.PatientId, _xml.Text());
                    break;
                case "Age":
                    AddPatient(FieldNames.Age, _xml.Text());
                    break;
            }
    }

    private void ReadObservation(string? code)
    {
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "relatedObservation":
                    ReadObservation(null);
                    break;
                case "code":
                    code = _xml.Attribute("code");
                    break;
                case "value" when code == AgeCode && _xml.Attribute("value") is { } age:
                    AddPatient(FieldNames.Age, $"{age} {(_xml.Attribute("unit") is { } unit and not "a" ? unit : "years")}");
                    break;
            }
    }

    /// <summary>A value for people to read: a quantity with its unit, a coded value's name, or text.</summary>
    private string? ReadValue() => _xml.Attribute("value") is { } value
        ? _xml.Attribute("unit") is { } unit ? $"{value} {unit}" : value
        : _xml.Attribute("displayName") ?? _xml.Attribute("code") ?? _xml.DeepText();

    private string? ReadBegin()
    {
        var begin = _xml.Attribute("value");
        foreach (var name in _xml.Children())
            if (name is "low" or "center")
                begin ??= _xml.Attribute("value");
        return begin;
    }

    private void AddText(Dictionary<string, string> fields, string name)
    {
        if (_xml.DeepText() is { } text)
            fields.TryAdd(name, text);
    }

    private void AddPatient(string name, string? value)
    {
        // Writers put "---" where they know nothing.
        if (_options.IncludePatient && !string.IsNullOrWhiteSpace(value) && value.Trim('-').Length > 0)
            _document.Patient.TryAdd(name, value);
    }
}
