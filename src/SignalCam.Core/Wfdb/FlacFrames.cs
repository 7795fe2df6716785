using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// Returns the samples of a FLAC stream in the order of the other formats: frame by frame, all samples of a signal in a frame side by side.
/// </summary>
/// <param name="flac">The stream.</param>
/// <param name="channels">Its channels.</param>
/// <param name="perFrame">Samples of a channel in each frame.</param>
/// <param name="skip">Samples of a channel before the first frame.</param>
internal sealed class FlacFrames(FlacFile flac, int channels, int perFrame, long skip)
{
    private readonly FlacBlocks _blocks = flac.Blocks();
    private long _skip = skip;
    private int _from;
    private int _to;

    /// <summary>Fills a span with whole frames.</summary>
    /// <exception cref="EcgFormatException">The stream is corrupt or too short.</exception>
    public void Read(Span<int> frames)
    {
        var (frameSize, at) = (channels * perFrame, 0);
        for (var left = frames.Length / channels; left > 0;)
        {
            if (_from == _to)
                NextBlock();
            var count = Math.Min(left, _to - _from);
            for (var channel = 0; channel < channels; channel++)
            {
                var samples = _blocks.Channel(channel).Slice(_from, count);
                for (var i = 0; i < samples.Length; i++)
                {
                    var sample = at + i;
                    frames[perFrame == 1 ? (sample * channels) + channel : (sample / perFrame * frameSize) + (channel * perFrame)
                        + (sample % perFrame)] = samples[i];
                }
            }
            _from += count;
            at += count;
            left -= count;
        }
    }

    private void NextBlock()
    {
        do
        {
            _to = _blocks.Read();
            if (_to == 0)
                throw new EcgFormatException(flac.File, null, "the end of the FLAC stream", "the samples that it states to have");
            _from = (int)Math.Min(_skip, _to);
            _skip -= _from;
        }
        while (_from == _to);
    }
}
