namespace SignalCam.Benchmarks;

/// <summary>
/// Reads the two files of each recording into a buffer and forgets them: what no reader can be faster than on as many cores.
/// </summary>
internal static class RawReading
{
    private const int BufferBytes = 1 << 18;

    public static void Run(string[] recordings) =>
        Parallel.For(0, recordings.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => new byte[BufferBytes], (i, _, buffer) =>
            {
                Read(recordings[i] + ".hea", buffer);
                Read(recordings[i] + ".dat", buffer);
                return buffer;
            }, _ => { });

    private static void Read(string path, byte[] buffer)
    {
        using var file = File.OpenHandle(path);
        var offset = 0L;
        for (int read; (read = RandomAccess.Read(file, buffer, offset)) > 0;)
            offset += read;
    }
}
