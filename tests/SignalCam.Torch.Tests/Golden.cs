using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.PtbXl;
using SignalCam.Testing;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Tests;

/// <summary>The expected values of independent software, read once.</summary>
internal static class Golden
{
    public static SignalCamComponents Components { get; } = new();

    public static EcgModel ReleasedModel() => EcgModel.Load(TestData.Shared("golden/model_0.pt"), Components, "cpu");

    public static Dictionary<string, NamedTensor> Tensors(string file) =>
        SafetensorsFile.Load(TestData.Shared("golden/" + file)).Tensors.ToDictionary(t => t.Name);

    /// <summary>Recordings of real PTB-XL by ecg_id.</summary>
    public static async Task<IReadOnlyList<EcgSignal>> RecordingsAsync(IEnumerable<long> ids)
    {
        var dataset = PtbXlDataset.Open(TestData.PtbXl());
        var byId = dataset.Entries.ToDictionary(e => long.Parse(e.Id, System.Globalization.CultureInfo.InvariantCulture));
        var signals = new List<EcgSignal>();
        foreach (var id in ids)
            signals.Add(await dataset.ReadAsync(byId[id]));
        return signals;
    }

    public static float[] Prepared(EcgModel model, IReadOnlyList<EcgSignal> recordings) =>
        [.. recordings.SelectMany(r => model.Prepare(r).Samples.ToArray())];
}
