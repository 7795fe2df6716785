namespace SignalCam.Core.Files;

/// <summary>Translates file errors into the SDK's exceptions.</summary>
internal static class FileErrors
{
    /// <summary>Whether an error is one of reading or writing files.</summary>
    public static bool IsOfFile(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>What was found and what was expected.</summary>
    /// <param name="e">An error of reading or writing files.</param>
    /// <param name="wanted">What the file should have been: "a model file".</param>
    public static (string Found, string Expected) Describe(Exception e, string wanted) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => ("no such file", wanted),
        FileRefusedException refused => (refused.Found, refused.Expected),
        UnauthorizedAccessException => ($"an error ({e.Message})", $"{wanted} that may be read"),
        _ => ($"an error ({e.Message})", "a readable file"),
    };
}
