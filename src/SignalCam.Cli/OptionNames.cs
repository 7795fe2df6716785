namespace SignalCam.Cli;

/// <summary>
/// Messages of the SDK name its options as a program sets them; a person at the command line has other names for the same.
/// </summary>
internal static class OptionNames
{
    private static readonly (string Program, string Person)[] s_names =
    [
        ("EcgReadOptions.SamplingRate", "--rate"),
        ("EcgReadOptions.Leads", "--leads"),
        ("EcgReadOptions.Unit", "--unit"),
        ("EcgReadOptions.Lenient", "--lenient"),
        ("EcgReadOptions.BridgeGaps", "--bridge-gaps"),
        ("EcgReadOptions.Index", "--index"),
        ("LengthPolicy.Crop", "--length crop"),
        ("LengthPolicy.Pad", "--length pad"),
        ("LengthPolicy.Slide", "--length slide"),
    ];

    /// <summary>The message of an error with the command line's names.</summary>
    public static string Message(Exception error)
    {
        var message = error.Message;
        foreach (var (program, person) in s_names)
            message = message.Replace(program, person, StringComparison.Ordinal);
        return message;
    }
}
