namespace SignalCam.Torch.Architectures;

/// <summary>Refuses sizes that make no network; the message names the option, what was found and what was expected.</summary>
internal static class SizeCheck
{
    public static void Positive(string option, params int[] values)
    {
        if (values.Length == 0 || values.Any(v => v < 1))
            throw Error(option, values, "positive numbers");
    }

    /// <summary>Odd kernels keep the length, which the sum or join of two branches needs.</summary>
    public static void Odd(string option, params int[] values)
    {
        if (values.Length == 0 || values.Any(v => v < 1 || v % 2 == 0))
            throw Error(option, values, "positive odd numbers");
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

    private static ArgumentException Error(string option, int[] values, string expected) =>
        new($"{option}: found [{string.Join(", ", values)}], expected {expected}");
}
