using SignalCam.Abstractions;

namespace SignalCam.Formats;

/// <summary>
/// The built-in formats. The first one that recognizes a file reads it: those with a signature come before those without.
/// </summary>
internal static class BuiltInFormats
{
    public static IReadOnlyList<IEcgFormat> All { get; } =
    [
        // Binary files with a signature.
        new Dicom.DicomFormat(),
        new Scp.ScpFormat(),
        new Edf.EdfFormat(),
        new Ishne.IshneFormat(),

        // XML, told apart by the root element.
        new AEcg.AEcgFormat(),
        new Muse.MuseFormat(),
        new Philips.PhilipsFormat(),
        new Mortara.MortaraFormat(),

        // WFDB: a header, or a file that the header beside it names.
        new Wfdb.WfdbFileFormat(),

        // Arrays.
        new Arrays.NumpyFormat(),
        new Arrays.MatlabFormat(),
        new Arrays.Hdf5.Hdf5Format(),

        // Tables: text without a signature.
        new Tables.TableFormat(),

    ];
}
