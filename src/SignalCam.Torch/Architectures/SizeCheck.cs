using SignalCam.Core.Models;

namespace SignalCam.Torch.Architectures;

/// <summary>Refuses sizes that make no network; the message names the option, what was found and what was expected.</summary>
internal static class SizeCheck
{
    // Far more than any network of the literature has; what they multiply to is looked at before anything is built.
    private const int MostSizes = 256;
    private const int MostBlocks = 1024;

    public static void Positive(string option, params int[]? values)
    {
        if (values is not { Length: > 0 and <= MostSizes } || values.Any(v => v is < 1 or > ModelLimits.Channels))
            throw Error(option, values, $"positive numbers up to {ModelLimits.Channels}, at most {MostSizes} of them");
    }

    public static void Blocks(string option, params int[]? values)
    {
        if (values is not { Length: > 0 and <= MostSizes } || values.Any(v => v is < 1 or > MostBlocks))
            throw Error(option, values, $"positive numbers up to {MostBlocks}");
    }

    /// <summary>Odd kernels keep the length, which the sum or join of two branches needs.</summary>
    public static void Odd(string option, params int[]? values)
    {
        if (values is not { Length: > 0 and <= MostSizes } || values.Any(v => v is < 1 or > ModelLimits.Steps || v % 2 == 0))
            throw Error(option, values, $"positive odd numbers up to {ModelLimits.Steps}");
    }

    public static void Count(string option, int[] values, int count)
    {
        if (values.Length != count)
            throw Error(option, values, $"{count} numbers");
    }

    public static void SameCount(string option, int[] values, string other, int[] others)
    {
        if (values.Length != others.Length)
            throw Error(option, values, $"as many as {other}, {others.Length}");
    }

    private static ArgumentException Error(string option, int[]? values, string expected) => new(
        $"{option}: found {(values is null ? "null" : $"[{string.Join(", ", values.Take(16))}{(values.Length > 16 ? ", ..." : "")}]")}, "
        + $"expected {expected}");
}
