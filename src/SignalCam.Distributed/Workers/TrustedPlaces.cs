using SignalCam.Core.Files;

namespace SignalCam.Distributed.Workers;

/// <summary>
/// Where recordings may be read from. A path is looked at as it stands and as it is after every decoding that a server may do to it, since
/// an encoded slash, or an encoded "..", leads out of a folder only there.
/// </summary>
internal sealed class TrustedPlaces(IEnumerable<string> uris)
{
    // No server decodes so often; a path that still changes then is made to deceive.
    private const int MostDecodings = 4;

    private readonly Uri[] _trusted = [.. uris.Select(uri => new Uri(uri, UriKind.Absolute))];

    /// <summary>Makes sure that a URI is in a folder below a trusted one. Of a file, where its links lead must be, too.</summary>
    /// <exception cref="JobRejectedException">It is not.</exception>
    public void Require(Uri uri)
    {
        var trusted = Array.FindAll(_trusted, place => IsBelow(uri, place));
        if (trusted.Length == 0)
            throw new JobRejectedException(FailureKind.UntrustedUri, "the URI does not begin with any of TrustedUris");
        if (uri.IsFile && !trusted.Any(place => LeadsBelow(uri, place)))
            throw new JobRejectedException(FailureKind.UntrustedUri, "a link leads from the URI to a place outside TrustedUris");
    }

    /// <summary>Where a file that a header names is: beside the header.</summary>
    /// <exception cref="JobRejectedException">The name leads elsewhere once it is decoded.</exception>
    public Uri Beside(Uri header, string name)
    {
        foreach (var form in Forms(name))
            if (form is null or "." or ".." || form.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
                throw new JobRejectedException(
                    FailureKind.UntrustedUri, $"the header names '{name}', expected the plain name of a file beside it");
        var uri = new Uri(header, Uri.EscapeDataString(name));
        Require(uri);
        return uri;
    }

    private static bool IsBelow(Uri uri, Uri trusted)
    {
        if (uri.Scheme != trusted.Scheme || uri.Authority != trusted.Authority || uri.UserInfo.Length > 0)
            return false;
        var path = uri.AbsolutePath;
        if (!path.StartsWith(trusted.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal))
            return false;
        var depth = path.Count('/');
        return Forms(path).All(form => form is not null && form.Count('/') == depth && !form.Contains('\\', StringComparison.Ordinal)
            && !form.Any(char.IsControl) && form.Split('/').All(part => part is not ("." or "..")));
    }

    /// <summary>A text as it is and after each decoding that changes it; null at the end where it does not come to an end.</summary>
    private static IEnumerable<string?> Forms(string text)
    {
        for (var i = 0; i < MostDecodings; i++)
        {
            yield return text;
            var decoded = Uri.UnescapeDataString(text);
            if (decoded == text)
                yield break;
            text = decoded;
        }
        yield return null;
    }

    private static bool LeadsBelow(Uri uri, Uri trusted)
    {
        try
        {
            return RealPath.IsWithin(RealPath.Of(trusted.LocalPath), RealPath.Of(uri.LocalPath));
        }
        catch (Exception e) when (FileErrors.IsOfFile(e) || e is ArgumentException)
        {
            throw new JobRejectedException(FailureKind.UnreadableRecording, e.Message);
        }
    }
}
