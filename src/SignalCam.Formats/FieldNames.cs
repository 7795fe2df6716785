namespace SignalCam.Formats;

/// <summary>
/// Names of the fields that several formats have, so that <see cref="Abstractions.EcgRecording.Metadata"/> and
/// <see cref="Abstractions.EcgRecording.Patient"/> are asked the same way whatever the file was. A field of one format only has a name of
/// its own.
/// </summary>
internal static class FieldNames
{
    public const string Manufacturer = "manufacturer";
    public const string Model = "model";
    public const string Software = "software";

    /// <summary>Serial or inventory number of the device.</summary>
    public const string Device = "device_number";

    /// <summary>Corner of the high-pass filter in Hz; "off" where the file says so.</summary>
    public const string HighPass = "high_pass_hz";

    /// <summary>Corner of the low-pass filter in Hz; "off" where the file says so.</summary>
    public const string LowPass = "low_pass_hz";

    /// <summary>Frequency of the notch filter in Hz; "off" where the file says so.</summary>
    public const string Notch = "notch_hz";

    /// <summary>Version of the format as the file states it.</summary>
    public const string Version = "version";

    /// <summary>Patient fields.</summary>
    public const string PatientId = "id";
    public const string PatientName = "name";
    public const string FirstName = "first_name";
    public const string LastName = "last_name";

    /// <summary>ISO 8601 date.</summary>
    public const string BirthDate = "birth_date";

    /// <summary>"M", "F", or as the file says.</summary>
    public const string Sex = "sex";

    /// <summary>With its unit, such as "42 years".</summary>
    public const string Age = "age";
    public const string Height = "height";
    public const string Weight = "weight";
}
