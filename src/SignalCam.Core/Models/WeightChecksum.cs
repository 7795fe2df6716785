using System.Security.Cryptography;
using System.Text;

namespace SignalCam.Core.Models;

/// <summary>
/// The SHA-256 of a model's weights, which does not depend on where they lie in a file: of each weight in the ordinal order of names, the
/// line "NAME DTYPE [SIZE, SIZE]\n" in UTF-8, then the elements.
/// </summary>
internal static class WeightChecksum
{
    /// <summary>The checksum as 64 lower-case hexadecimal digits.</summary>
    public static string Of(IEnumerable<NamedTensor> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var weight in weights.OrderBy(weight => weight.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{weight}\n"));
            hash.AppendData(weight.Data.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
