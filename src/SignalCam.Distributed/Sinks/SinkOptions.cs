using System.ComponentModel.DataAnnotations;

namespace SignalCam.Distributed.Sinks;

/// <summary>Options of <see cref="JsonLinesSink"/>.</summary>
public sealed class JsonLinesSinkOptions
{
    /// <summary>The folder to write into; made where it is not there. Default "results".</summary>
    [Required]
    public string Folder { get; set; } = "results";

    /// <summary>The size from which on a new file is begun. Default 256 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long FileBytes { get; set; } = 1L << 28;
}

/// <summary>Options of <see cref="PostgreSqlSink"/>.</summary>
public sealed class PostgreSqlSinkOptions
{
    /// <summary>
    /// How to connect, as Npgsql takes it ("Host=db;Database=ecg;Username=collector;SSL Mode=VerifyFull"); must be set. Leave the password
    /// to the environment variable PGPASSWORD, a password file (PGPASSFILE) or a secret store. Never logged.
    /// </summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema that the sink makes its tables in; made where it is not there. Default "signalcam".</summary>
    [Required]
    [RegularExpression("^[a-z_][a-z0-9_]{0,62}$",
        ErrorMessage = "allowed are small letters, digits and underscores, beginning with no digit.")]
    public string Schema { get; set; } = "signalcam";
}
