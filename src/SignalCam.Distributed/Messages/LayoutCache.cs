using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>Reads layouts, reusing the previous one if it is equal, as it nearly always is.</summary>
/// <remarks>For one reader at a time.</remarks>
internal sealed class LayoutCache
{
    private byte[] _bytes = [];
    private SignalLayout? _last;

    public static void Write(MessageWriter writer, SignalLayout layout)
    {
        writer.Double(layout.SamplingRate);
        writer.Int32(layout.Length);
        writer.Int32(layout.LeadCount);
        foreach (var lead in layout.Leads)
            writer.Text(lead);
    }

    public SignalLayout Read(ref MessageReader reader)
    {
        if (_last is not null && reader.TryTake(_bytes))
            return _last;
        var start = reader.Position;
        var (rate, length) = (reader.Double(), reader.Int32());
        var leads = new string[reader.Count(sizeof(ushort), MessageLimits.Leads)];
        for (var i = 0; i < leads.Length; i++)
            leads[i] = reader.Text();
        try
        {
            _last = new SignalLayout(leads, length, rate);
        }
        catch (ArgumentException e)
        {
            throw new MessageFormatException($"byte {start}: {e.Message}", e);
        }
        _bytes = reader.Since(start).ToArray();
        return _last;
    }
}
