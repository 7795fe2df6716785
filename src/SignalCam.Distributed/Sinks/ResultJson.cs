using System.Text.Json;
using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Sinks;

/// <summary>A result as a line of JSON, in the one form that answers have (<see cref="EcgAnswerJson"/>).</summary>
internal static class ResultJson
{
    /// <summary>Writes a result.</summary>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static byte[] Write(ScoringResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return EcgAnswerJson.WriteUtf8(result.Answer);
    }

    /// <summary>Writes a result for a sink.</summary>
    /// <exception cref="ResultRefusedException">A number is not finite: JSON has none.</exception>
    internal static byte[] WriteStorable(ScoringResult result)
    {
        try
        {
            return Write(result);
        }
        catch (ArgumentException e)
        {
            throw new ResultRefusedException(e.Message, e);
        }
    }

    /// <summary>Reads a result.</summary>
    /// <exception cref="JsonException">The line is not a result.</exception>
    public static ScoringResult Read(ReadOnlySpan<byte> line) => new(EcgAnswerJson.Read(line));
}
