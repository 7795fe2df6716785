using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Muse;

/// <summary>Reads a MUSE document. Names of staff are left out: they concern neither the patient nor the signal.</summary>
internal sealed class MuseReader
{
    private readonly XmlCursor _xml;
    private readonly EcgReadOptions _options;
    private readonly MuseDocument _document = new();

    private MuseReader(XmlCursor xml, EcgReadOptions options) => (_xml, _options) = (xml, options);

    /// <param name="xml">At the root element.</param>
    /// <param name="options">What to read, and whether a wrong CRC is an error.</param>
    public static MuseDocument Read(XmlCursor xml, EcgReadOptions options)
    {
        var reader = new MuseReader(xml, options);
        foreach (var name in xml.Children())
            reader.ReadSection(name);
        return reader._document;
    }

    private void ReadSection(string name)
    {
        switch (name)
        {
            case "MuseInfo":
                ReadTexts((field, text) => _ = field == "MuseVersion" && _document.Metadata.TryAdd(FieldNames.Version, text));
                break;
            case "PatientDemographics" when _options.IncludePatient:
                ReadPatient();
                break;
            case "TestDemographics":
                ReadTest();
                break;
            case "RestingECGMeasurements":
                ReadTexts((field, text) => MuseMeasurements.Add(_document.Annotations, field, text));
                break;
            case "Diagnosis":
                ReadDiagnosis();
                break;
            case "QRSTimesTypes":
                ReadBeats();
                break;
            case "Waveform":
                _document.Waveforms.Add(MuseWaveformReader.Read(_xml, _options, _document.Warnings));
                break;
        }
    }

    private void ReadTexts(Action<string, string> use)
    {
        foreach (var name in _xml.Children())
            if (_xml.Text() is { } text)
                use(name, text);
    }

    private void ReadPatient()
    {
        string? unit = null;
        ReadTexts((field, text) =>
        {
            AddPatient(field, text);
            if (field == "AgeUnits")
                unit = text.ToLowerInvariant();
        });
        if (unit is not null && _document.Patient.TryGetValue(FieldNames.Age, out var age))
            _document.Patient[FieldNames.Age] = $"{age} {unit}";
    }

    private void AddPatient(string field, string text)
    {
        var name = field switch
        {
            "PatientID" => FieldNames.PatientId,
            "PatientLastName" => FieldNames.LastName,
            "PatientFirstName" => FieldNames.FirstName,
            "DateofBirth" => FieldNames.BirthDate,
            "Gender" => FieldNames.Sex,
            "Race" => "race",
            "PatientAge" => FieldNames.Age,
            _ => null,
        };
        if (name is not null)
            _document.AddPatient(name, name == FieldNames.BirthDate && ParseDate(text) is { } day
                ? FormattableString.Invariant($"{day:yyyy-MM-dd}") : text);
    }

    private void ReadTest()
    {
        string? date = null, time = null;
        ReadTexts((field, text) =>
        {
            switch (field)
            {
                case "AcquisitionDate":
                    date = text;
                    break;
                case "AcquisitionTime":
                    time = text;
                    break;
                case "AcquisitionDevice":
                    _document.AddMetadata(FieldNames.Model, text);
                    break;
                case "AcquisitionSoftwareVersion":
                    _document.AddMetadata(FieldNames.Software, text);
                    break;
                case "AnalysisSoftwareVersion":
                    _document.AddMetadata("analysis_software", text);
                    break;
                case "Status":
                    _document.AddMetadata("status", text);
                    break;
                case "DataType":
                    _document.AddMetadata("data_type", text);
                    break;
            }
        });
        if (date is null)
            return;
        if (ParseDate(date) is { } day && TimeSpan.TryParse(time ?? "00:00:00", CultureInfo.InvariantCulture, out var clock)
            && InDay(clock))
            _document.Start = new EcgStart(day + clock);
        else
            _document.Warnings.Add($"AcquisitionDate '{date}' and AcquisitionTime '{time}' are no date and time");
    }

    private static bool InDay(TimeSpan clock) => clock >= TimeSpan.Zero && clock < TimeSpan.FromDays(1);

    private static DateTime? ParseDate(string text) =>
        DateTime.TryParseExact(text, ["MM-dd-yyyy", "M-d-yyyy", "MM/dd/yyyy", "yyyy-MM-dd"], CultureInfo.InvariantCulture,
            DateTimeStyles.None, out var day)
            ? day
            : null;

    /// <summary>Statements come in pieces; the flag ENDSLINE ends a line.</summary>
    private void ReadDiagnosis()
    {
        var line = "";
        foreach (var name in _xml.Children())
        {
            if (name != "DiagnosisStatement")
                continue;
            var ends = false;
            ReadTexts((field, text) =>
            {
                if (field == "StmtText")
                    line = line.Length == 0 ? text : $"{line} {text}";
                else if (field == "StmtFlag")
                    ends |= text == "ENDSLINE";
            });
            if (ends)
                EndLine();
        }
        EndLine();

        void EndLine()
        {
            if (line.Length > 0)
                _document.Annotations.Add(new EcgAnnotation(line));
            line = "";
        }
    }

    private void ReadBeats()
    {
        foreach (var name in _xml.Children())
        {
            if (name != "QRS")
                continue;
            string? type = null;
            double? milliseconds = null;
            ReadTexts((field, text) =>
            {
                if (field == "Type")
                    type = text;
                else if (field == "Time" && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var time)
                    && double.IsFinite(time))
                    milliseconds = time;
            });
            if (milliseconds is { } at)
                _document.Annotations.Add(new EcgAnnotation("QRS", at / 1000) { Value = type is null ? null : $"type {type}" });
        }
    }
}
