using System.CommandLine;

namespace SignalCam.Cli.Commands;

/// <summary>`--until-idle`: when a service stops by itself.</summary>
internal static class IdleOption
{
    private const double Most = 366 * 86_400;

    public static Option<double?> Create() => new("--until-idle")
    {
        Description = "End after this many seconds without messages [never]",
        HelpName = "SECONDS",
    };

    /// <exception cref="UsageException">The number is not above 0, or beyond a year.</exception>
    public static TimeSpan? Of(ParseResult parsed, Option<double?> option) => parsed.GetValue(option) switch
    {
        null => null,
        > 0 and <= Most and { } seconds => TimeSpan.FromSeconds(seconds),
        var seconds => throw new UsageException($"{option.Name}: found {seconds}, expected a number of seconds above 0, up to a year"),
    };
}
