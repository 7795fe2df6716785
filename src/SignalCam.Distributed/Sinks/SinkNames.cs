namespace SignalCam.Distributed.Sinks;

/// <summary>The names of the sinks that come with the package.</summary>
internal static class SinkNames
{
    /// <summary>The name of <see cref="JsonLinesSink"/>: "json-lines".</summary>
    public const string JsonLines = "json-lines";

    /// <summary>The name of <see cref="PostgreSqlSink"/>: "postgresql".</summary>
    public const string PostgreSql = "postgresql";
}
