namespace SignalCam.Core.Models;

/// <summary>
/// Limits for model files. Every size is checked against these before anything is allocated or built, so that the products of
/// sizes stay far below 2^63. Documented in docs/model-file.md; the networks of the literature stay far under them.
/// </summary>
internal static class ModelLimits
{
    /// <summary>Bytes of the JSON header of a safetensors file.</summary>
    public const int HeaderBytes = 32 << 20;

    /// <summary>Tensors of a file.</summary>
    public const int Tensors = 65_536;

    /// <summary>Dimensions of a tensor.</summary>
    public const int Dimensions = 8;

    /// <summary>Characters of the name of a tensor, layer, class or lead.</summary>
    public const int NameLength = 1024;

    /// <summary>Leads of a recording.</summary>
    public const int Leads = 1024;

    /// <summary>Samples per lead.</summary>
    public const int Length = 1 << 17;

    /// <summary>Samples of all leads of a recording together.</summary>
    public const int Samples = 1 << 21;

    /// <summary>Classes of a model.</summary>
    public const int Classes = 16_384;

    /// <summary>Transforms of the preprocessing.</summary>
    public const int Transforms = 64;

    /// <summary>Layers of a graph.</summary>
    public const int Layers = 4096;

    /// <summary>Inputs of all layers of a graph together.</summary>
    public const int Inputs = 16_384;

    /// <summary>Channels of a layer's output.</summary>
    public const int Channels = 16_384;

    /// <summary>Kernel, window, stride, dilation and padding of a layer, in time steps.</summary>
    public const int Steps = 16_384;

    /// <summary>Weights of a network.</summary>
    public const long Weights = 1L << 27;

    // What a network without weights may cost; each weight allows for more, because a real network's cost grows with its weights.
    private const long BaseMultiplyAdds = 1_000_000_000;
    private const long MultiplyAddsPerWeight = 100_000;
    private const long BaseBytes = 40 << 20;
    private const long BytesPerWeight = 256;
    private const long MostBytes = 1L << 32;

    /// <summary>Multiply-adds that a network with so many weights may declare for one recording.</summary>
    public static long MultiplyAdds(long weights) => BaseMultiplyAdds + MultiplyAddsPerWeight * weights;

    /// <summary>Working memory that a network with so many weights may declare for one recording.</summary>
    public static long WorkingBytes(long weights) => Math.Min(MostBytes, BaseBytes + BytesPerWeight * weights);
}
