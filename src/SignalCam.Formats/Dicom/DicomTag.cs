using System.Collections.Frozen;

namespace SignalCam.Formats.Dicom;

/// <summary>The data elements that are read, as group and element in one number. All others are skipped. PS3.6.</summary>
internal static class DicomTag
{
    public const uint ItemStart = 0xFFFEE000;
    public const uint ItemEnd = 0xFFFEE00D;
    public const uint SequenceEnd = 0xFFFEE0DD;

    public const uint MetaSopClass = 0x00020002;
    public const uint TransferSyntax = 0x00020010;

    public const uint CharacterSet = 0x00080005;
    public const uint SopClass = 0x00080016;
    public const uint StudyDate = 0x00080020;
    public const uint AcquisitionDate = 0x00080022;
    public const uint ContentDate = 0x00080023;
    public const uint AcquisitionDateTime = 0x0008002A;
    public const uint StudyTime = 0x00080030;
    public const uint AcquisitionTime = 0x00080032;
    public const uint ContentTime = 0x00080033;
    public const uint AccessionNumber = 0x00080050;
    public const uint Modality = 0x00080060;
    public const uint Manufacturer = 0x00080070;
    public const uint Institution = 0x00080080;
    public const uint ReferringPhysician = 0x00080090;
    public const uint CodeValue = 0x00080100;
    public const uint CodingScheme = 0x00080102;
    public const uint CodeMeaning = 0x00080104;
    public const uint TimezoneOffset = 0x00080201;
    public const uint Model = 0x00081090;

    public const uint PatientName = 0x00100010;
    public const uint PatientId = 0x00100020;
    public const uint PatientBirthDate = 0x00100030;
    public const uint PatientSex = 0x00100040;
    public const uint PatientAge = 0x00101010;
    public const uint PatientSize = 0x00101020;
    public const uint PatientWeight = 0x00101030;

    public const uint DeviceSerial = 0x00181000;
    public const uint Software = 0x00181020;
    public const uint GroupTimeOffset = 0x00181068;

    public const uint StudyId = 0x00200010;

    public const uint Originality = 0x003A0004;
    public const uint ChannelCount = 0x003A0005;
    public const uint SampleCount = 0x003A0010;
    public const uint SamplingFrequency = 0x003A001A;
    public const uint GroupLabel = 0x003A0020;
    public const uint ChannelDefinitions = 0x003A0200;
    public const uint ChannelLabel = 0x003A0203;
    public const uint ChannelSource = 0x003A0208;
    public const uint Sensitivity = 0x003A0210;
    public const uint SensitivityUnits = 0x003A0211;
    public const uint SensitivityCorrection = 0x003A0212;
    public const uint Baseline = 0x003A0213;
    public const uint TimeSkew = 0x003A0214;
    public const uint SampleSkew = 0x003A0215;
    public const uint LowFrequency = 0x003A0220;
    public const uint HighFrequency = 0x003A0221;
    public const uint NotchFrequency = 0x003A0222;

    public const uint MeasurementUnits = 0x004008EA;
    public const uint ConceptName = 0x0040A043;
    public const uint ReferencedChannels = 0x0040A0B0;
    public const uint TemporalRange = 0x0040A130;
    public const uint ReferencedSamples = 0x0040A132;
    public const uint ReferencedOffsets = 0x0040A138;
    public const uint Concept = 0x0040A168;
    public const uint NumericValue = 0x0040A30A;
    public const uint Annotations = 0x0040B020;
    public const uint AnnotationText = 0x00700006;

    public const uint Waveforms = 0x54000100;
    public const uint BitsAllocated = 0x54001004;
    public const uint Interpretation = 0x54001006;
    public const uint Padding = 0x5400100A;
    public const uint WaveformData = 0x54001010;

    private static readonly FrozenSet<uint> Sequences =
        FrozenSet.Create(Waveforms, ChannelDefinitions, ChannelSource, SensitivityUnits, Annotations, ConceptName, Concept,
            MeasurementUnits);

    private static readonly FrozenSet<uint> Read = FrozenSet.Create(
        MetaSopClass, TransferSyntax, CharacterSet, SopClass, StudyDate, AcquisitionDate, ContentDate, AcquisitionDateTime, StudyTime,
        AcquisitionTime, ContentTime, AccessionNumber, Modality, Manufacturer, Institution, ReferringPhysician, CodeValue,
        CodingScheme, CodeMeaning, TimezoneOffset, Model, PatientName, PatientId, PatientBirthDate, PatientSex, PatientAge,
        PatientSize, PatientWeight, DeviceSerial, Software, GroupTimeOffset, StudyId, Originality, ChannelCount, SampleCount,
        SamplingFrequency, GroupLabel, ChannelLabel, Sensitivity, SensitivityCorrection, Baseline, TimeSkew, SampleSkew, LowFrequency,
        HighFrequency, NotchFrequency, ReferencedChannels, TemporalRange, ReferencedSamples, ReferencedOffsets, NumericValue,
        AnnotationText, BitsAllocated, Interpretation, Padding, WaveformData, Waveforms, ChannelDefinitions, ChannelSource,
        SensitivityUnits, Annotations, ConceptName, Concept, MeasurementUnits);

    /// <summary>Sequences that are read into; in implicit VR nothing but the tag tells that they are sequences.</summary>
    public static bool IsReadSequence(uint tag) => Sequences.Contains(tag);

    /// <summary>Whether an element is kept.</summary>
    public static bool IsRead(uint tag) => Read.Contains(tag);

    /// <summary>For messages: "(003A,0200)".</summary>
    public static string Text(uint tag) => $"({tag >> 16:X4},{tag & 0xFFFF:X4})";
}
