namespace SignalCam.Distributed.Tests;

internal static class Wait
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(8);

    /// <summary>Asks again and again until it is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, Func<string> otherwise)
    {
        for (var end = DateTime.UtcNow + s_longest; !await isSo();)
        {
            Assert.True(DateTime.UtcNow < end, otherwise());
            await Task.Delay(50);
        }
    }
}
