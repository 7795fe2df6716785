using SignalCam.Abstractions;
using SignalCam.Core.Signals;
using SignalCam.Formats.Channels;

namespace SignalCam.Formats.Arrays;

/// <summary>
/// Creates a recording of an array. Rate, leads and unit come from the file or the options; which axis is which follows from the number of
/// leads alone.
/// </summary>
internal static class ArrayRecording
{
    private const int MostNamed = 20;

    /// <summary>Names of the variable that holds the signal if a file has several arrays, the best known first.</summary>
    private static readonly string[] SignalNames =
        ["tracings", "val", "ecg", "signal", "signals", "ecg_data", "data", "x", "p_signal", "d_signal", "ecg_signal", "waveform",
            "waveforms", "x_test", "x_train", "samples"];

    /// <summary>Which axis of an array is which.</summary>
    /// <param name="Record">The axis of the recordings; -1 if there is but one.</param>
    /// <param name="Lead">The axis of the leads; -1 if there is but one.</param>
    /// <param name="Time">The axis of the samples.</param>
    internal readonly record struct Axes(int Record, int Lead, int Time);

    /// <summary>Creates the recording.</summary>
    /// <param name="file">For messages.</param>
    /// <param name="format">The format's name.</param>
    /// <param name="content">What the file holds.</param>
    /// <param name="options">Properties stated by the caller.</param>
    /// <exception cref="EcgFormatException">There is no array that can be it, or several; a fact is missing; or the array does not
    /// fit the leads.</exception>
    public static EcgRecording From(string file, string format, ArrayContent content, EcgReadOptions options)
    {
        var array = Choose(file, content);
        var leads = content.Leads ?? (options.Leads is { Count: > 0 } ? options.Leads : null);
        var rate = content.Rate ?? options.SamplingRate;
        var unit = content.Unit;
        var isKnown = VoltageUnits.TryGetMillivolt(unit, out var millivolt);
        var missing = new MissingFacts(file);
        if (rate is null)
            missing.Add("no sampling rate", "a variable fs, or EcgReadOptions.SamplingRate", nameof(EcgReadOptions.SamplingRate));
        if (leads is null)
            missing.Add($"{array} without the names of leads", "a variable leads, or EcgReadOptions.Leads", nameof(EcgReadOptions.Leads));
        if (!isKnown && options.Unit is null)
            missing.Add(unit is null ? "no unit" : $"unit '{unit}'", "mV, uV, nV or V as a variable unit, or EcgReadOptions.Unit",
                nameof(EcgReadOptions.Unit));
        missing.ThrowIfAny();
        if (!isKnown)
            millivolt = VoltageUnits.ParseOption(options.Unit!);

        var names = LeadNames.Normalize([.. leads!]);
        var axes = FindAxes(file, array, names.Count, content.MayRecordsBeLast);
        var signal = Read(file, array, axes, names, rate!.Value, 1 / millivolt, options);
        return new EcgRecording(signal, format)
        {
            Units = [.. names.Select(_ => unit)],
            Metadata = content.Metadata,
            Patient = options.IncludePatient ? content.Patient : new Dictionary<string, string>(),
        };
    }

    /// <summary>
    /// The array that is the signal: the only one of two axes or more, otherwise the one with the best known name, otherwise the only one
    /// at all.
    /// </summary>
    private static NumericArray Choose(string file, ArrayContent content)
    {
        var arrays = content.Arrays.Where(a => !ArrayContent.IsFact(a) && a.Count > 1).ToArray();
        foreach (var least in (ReadOnlySpan<int>)[2, 1])
        {
            var candidates = arrays.Where(a => a.LongAxes.Length >= least).ToArray();
            if (candidates.Length == 1)
                return candidates[0];
            foreach (var name in SignalNames)
                if (candidates.FirstOrDefault(a => ArrayContent.Plain(a.Name) == name) is { } known)
                    return known;
            if (candidates.Length > 1)
                throw new EcgFormatException(file, null, $"{candidates.Length} arrays ({string.Join(", ", candidates.Take(MostNamed))})",
                    $"one, or one that is called {string.Join(", ", SignalNames[..6])}");
        }
        throw new EcgFormatException(file, null, content.Arrays.Count == 0 ? "no array of numbers"
            : $"no signal among {string.Join(", ", content.Arrays.Take(MostNamed))}", "an array of samples");
    }

    /// <summary>
    /// The axis whose length is the number of leads is the lead axis. Of three axes, the first is that of the recordings; in MATLAB it
    /// may be the last.
    /// </summary>
    internal static Axes FindAxes(string file, NumericArray array, int leads, bool mayRecordsBeLast)
    {
        var axes = array.LongAxes;
        // A single recording, lead or sample may have an axis of one element.
        if (leads == 1 && axes.Length <= 1)
            return new Axes(-1, -1, axes.Length == 1 ? axes[0] : array.Shape.Length - 1);
        if (leads == 1 && axes.Length == 2 && array.Shape.Length == 3)
            return mayRecordsBeLast && array.Shape[0] == 1 ? new Axes(axes[1], -1, axes[0]) : new Axes(axes[0], -1, axes[1]);
        Axes?[] found = axes.Length switch
        {
            2 => [Pair(array, -1, axes[0], axes[1], leads)],
            3 => [Pair(array, axes[0], axes[1], axes[2], leads), mayRecordsBeLast ? Pair(array, axes[2], axes[0], axes[1], leads) : null],
            _ => [],
        };
        return found.Count(f => f is not null) == 1
            ? found.First(f => f is not null)!.Value
            : throw new EcgFormatException(file, null, $"{array} for {leads} leads",
                $"one axis of {leads} and one of samples; of several recordings their axis first");
    }

    /// <summary>Leads and samples on two axes, if just one of them is as long as there are leads.</summary>
    private static Axes? Pair(NumericArray array, int record, int first, int second, int leads) =>
        (array.Shape[first] == leads, array.Shape[second] == leads) switch
    {
        (true, false) => new Axes(record, first, second),
        (false, true) => new Axes(record, second, first),
        _ => null,
    };

    private static EcgSignal Read(string file, NumericArray array, Axes axes, IReadOnlyList<string> names, double rate,
        double unitsPerMillivolt, EcgReadOptions options)
    {
        var records = axes.Record < 0 ? 1 : array.Shape[axes.Record];
        if (options.Index >= records)
            throw new EcgFormatException(file, null, $"{records} recordings in {array}",
                $"more than {options.Index}, which EcgReadOptions.Index requests");
        var length = array.Shape[axes.Time];
        ValueLimit.Require(file, names.Count, length, options);
        var record = options.Index;
        if (array.Load is not null)
        {
            array = array.Loaded(axes.Record, record);
            record = axes.Record == 0 ? 0 : record;
        }
        var samples = new float[names.Count * length];
        var start = axes.Record < 0 ? 0 : record * array.Stride(axes.Record);
        for (var lead = 0; lead < names.Count; lead++)
            array.Copy(start + (axes.Lead < 0 ? 0 : lead * array.Stride(axes.Lead)), array.Stride(axes.Time), unitsPerMillivolt,
                samples.AsSpan(lead * length, length));
        return new EcgSignal(samples, new SignalLayout(names, length, rate));
    }
}
