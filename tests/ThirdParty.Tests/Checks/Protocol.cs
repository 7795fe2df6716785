using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace ThirdParty.Tests.Checks;

// Remarks on recordings that are shorter than a ward's protocol asks for. services.AddSignalCam().AddCheck<Protocol,
// ProtocolOptions>("protocol");

public sealed class ProtocolOptions
{
    [Range(1, 3600)]
    public double Seconds { get; set; } = 10;
}

public sealed class Protocol(ProtocolOptions options) : IRecordingCheck
{
    public string Name => "protocol";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var seconds = recording.Signal.Length / recording.Signal.SamplingRate;
        return seconds >= options.Seconds
            ? []
            : [new EcgFinding("protocol-length", FindingSeverity.Info,
                $"The recording lasts {seconds:0.#} s; the protocol asks for {options.Seconds:0.#} s.")
            {
                Value = seconds,
            }];
    }
}
