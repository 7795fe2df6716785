using SignalCam.Abstractions;

namespace SignalCam.Fuzz;

/// <summary>A kind of input that is made from a number and given to the product.</summary>
public abstract class FuzzKind
{
    /// <summary>The name it is chosen by.</summary>
    public abstract string Name { get; }

    /// <summary>What is made, and what it is given to.</summary>
    public abstract string Description { get; }

    /// <summary>How many inputs it gets of a run that all kinds share, against the others. Default 1.</summary>
    public virtual int Share => 1;

    /// <summary>
    /// Makes the input of a number and gives it to the product. What the product refuses it says by an exception of its own
    /// (<see cref="SignalCam.Abstractions.SignalCamException"/>), which is let through, like every other one.
    /// </summary>
    /// <param name="seed">The same number gives the same input.</param>
    /// <exception cref="WrongAnswerException">The product gave an answer that is not right.</exception>
    public abstract void Run(ulong seed);
}

/// <summary>The product refused the input by an error that it documents and that is none of its own kind, such as one of JSON.</summary>
public sealed class RefusedInputException(string message, Exception innerException) : SignalCamException(message, innerException);

/// <summary>The product gave an answer that is not right.</summary>
public sealed class WrongAnswerException(string message) : Exception(message);
