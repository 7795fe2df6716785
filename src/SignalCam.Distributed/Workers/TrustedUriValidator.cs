using Microsoft.Extensions.Options;

namespace SignalCam.Distributed.Workers;

/// <summary>Holds the trusted URIs to what can be read.</summary>
internal sealed class TrustedUriValidator : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var problems = options.TrustedUris.Where(uri => !IsReadable(uri))
            .Select(uri => $"{WorkerOptions.SectionName}: TrustedUris has {uri}: allowed are absolute URIs of file, http and https.")
            .ToArray();
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static bool IsReadable(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.IsFile || uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
