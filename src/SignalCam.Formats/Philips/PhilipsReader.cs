using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Philips;

/// <summary>
/// Reads a Philips document. Names of staff and user-defined fields are left out: the latter may hold anything about the patient.
/// </summary>
internal sealed class PhilipsReader
{
    private readonly XmlCursor _xml;
    private readonly EcgReadOptions _options;
    private readonly PhilipsDocument _document = new();

    private PhilipsReader(XmlCursor xml, EcgReadOptions options) => (_xml, _options) = (xml, options);

    /// <param name="xml">At the root element.</param>
    /// <param name="options">What to read.</param>
    public static PhilipsDocument Read(XmlCursor xml, EcgReadOptions options)
    {
        var reader = new PhilipsReader(xml, options);
        foreach (var name in xml.Children())
            reader.ReadSection(name);
        return reader._document;
    }

    private void ReadSection(string name)
    {
        switch (name)
        {
            case "documentinfo":
                ReadDocumentInfo();
                break;
            case "dataacquisition":
                ReadAcquisition();
                break;
            case "patient" when _options.IncludePatient:
                ReadPatient();
                break;
            case "interpretations":
                foreach (var inner in _xml.Children())
                    if (inner == "interpretation")
                        PhilipsInterpretation.Read(_xml, _document.Annotations);
                break;
            case "waveforms":
                PhilipsWaveformReader.Read(_xml, _document);
                break;
        }
    }

    private void ReadDocumentInfo()
    {
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "documenttype":
                    _document.AddMetadata("document_type", _xml.Text());
                    break;
                case "documentversion":
                    _document.Version = _xml.Text();
                    _document.AddMetadata(FieldNames.Version, _document.Version);
                    break;
            }
    }

    private void ReadAcquisition()
    {
        ReadStart();
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "machine":
                    _document.AddMetadata(FieldNames.Software, _xml.Attribute("detaildescription"));
                    _document.AddMetadata(FieldNames.Model, _xml.Text());
                    break;
                case "signalcharacteristics":
                    ReadCharacteristics();
                    break;
            }
    }

    private void ReadStart()
    {
        if (_xml.Attribute("date") is not { } date)
            return;
        var time = _xml.Attribute("time");
        if (DateTime.TryParseExact($"{date} {time ?? "00:00:00"}",
            ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm"],
            CultureInfo.InvariantCulture, DateTimeStyles.None, out var start))
            _document.Start = new EcgStart(start);
        else
            _document.Warnings.Add($"date '{date}' and time '{time}' of the acquisition cannot be read");
    }

    private void ReadCharacteristics()
    {
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "samplingrate":
                    _document.SamplingRate = PhilipsNumbers.Positive(_xml, name, _xml.Text());
                    break;
                case "resolution" or "signalresolution":
                    _document.Resolution = PhilipsNumbers.Positive(_xml, name, _xml.Text());
                    break;
                case "hipass" when _xml.Text() is { } text:
                    _document.AddMetadata(FieldNames.HighPass, text);
                    break;
                case "lowpass" when _xml.Text() is { } text:
                    _document.AddMetadata(FieldNames.LowPass, text);
                    break;
                case "notchfiltered" when _xml.Text() is "False":
                    _document.AddMetadata(FieldNames.Notch, "off");
                    break;
                case "signalbandwidth" when _xml.Text() is { } text:
                    _document.AddMetadata("bandwidth_hz", text);
                    break;
                case "acquisitiontype":
                    _document.AddMetadata("acquisition_type", _xml.Text());
                    break;
                case "leadset":
                    _document.AddMetadata("lead_set", _xml.Text());
                    break;
            }
    }

    private void ReadPatient()
    {
        foreach (var name in _xml.Children())
            switch (name)
            {
                case "generalpatientdata" or "name" or "age":
                    ReadPatient();
                    break;
                case "patientid":
                    _document.AddPatient(FieldNames.PatientId, _xml.Text());
                    break;
                case "lastname":
                    _document.AddPatient(FieldNames.LastName, _xml.Text());
                    break;
                case "firstname":
                    _document.AddPatient(FieldNames.FirstName, _xml.Text());
                    break;
                case "dateofbirth":
                    _document.AddPatient(FieldNames.BirthDate, _xml.Text());
                    break;
                case "years":
                    _document.AddPatient(FieldNames.Age, _xml.Text() is { } years ? $"{years} years" : null);
                    break;
                case "sex":
                    _document.AddPatient(FieldNames.Sex, _xml.Text());
                    break;
                case "race":
                    _document.AddPatient("race", _xml.Text());
                    break;
            }
    }
}

/// <summary>Numbers of a Philips document.</summary>
internal static class PhilipsNumbers
{
    /// <exception cref="EcgFormatException">The text is not a positive number.</exception>
    public static double Positive(XmlCursor xml, string name, string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)
            ? number
            : throw xml.Error($"{name} '{text}'", "a positive number");
}
