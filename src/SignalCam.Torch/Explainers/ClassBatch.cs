using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Explainers;

/// <summary>Some prepared recordings, each with the class to explain.</summary>
/// <param name="Model">The model, in evaluation mode.</param>
/// <param name="Samples">(recording, lead, time), after the model's preprocessing and in the shape of its input. Not to be changed.</param>
/// <param name="Classes">The place of each recording's class among the model's.</param>
/// <param name="Logits">That class's logit of each recording, by this network.</param>
public sealed record ClassBatch(EcgModel Model, float[] Samples, int[] Classes, float[] Logits)
{
    /// <summary>Number of recordings.</summary>
    public int Count => Classes.Length;

    /// <summary>Leads of each recording.</summary>
    public int Leads => Model.Input.LeadCount;

    /// <summary>Samples of each lead.</summary>
    public int Length => Model.Input.Length;

    /// <summary>Samples of each recording: leads x length.</summary>
    public int Size => Leads * Length;

    /// <summary>Scores prepared recordings and pairs them with the classes to explain.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">(recording, lead, time).</param>
    /// <param name="classes">The place of each recording's class among the model's.</param>
    public static ClassBatch Of(EcgModel model, float[] samples, int[] classes)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(classes);
        var output = model.Run(samples, classes.Length);
        return new ClassBatch(model, samples, classes, [.. classes.Select((c, i) => output.Logits[i * output.ClassCount + c])]);
    }

    /// <summary>Name of a recording's class.</summary>
    public string Name(int recording) => Model.Manifest.Classes[Classes[recording]];

    /// <summary>Samples of one recording: (lead, time).</summary>
    public ReadOnlySpan<float> Recording(int recording) => Samples.AsSpan(recording * Size, Size);
}
