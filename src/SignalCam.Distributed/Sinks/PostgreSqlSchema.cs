using System.Globalization;
using Npgsql;
using SignalCam.Abstractions;

namespace SignalCam.Distributed.Sinks;

/// <summary>
/// The sink's tables: brought to the version of this package, one step after the other, by whichever collector comes first.
/// </summary>
internal static class PostgreSqlSchema
{
    // What all collectors hold on to while one of them migrates; any number that no other program uses will do.
    private const long Lock = 0x5369676E616C4361;

    // Never changed once released; a new version is a new step at the end.
    private static readonly string[] s_steps =
    [
        """
        create table results (
            recording_id text not null,
            model_sha256 text not null,
            explainer text not null,
            model text not null,
            classes text[] not null,
            probabilities double precision[] not null,
            logits double precision[] not null,
            thresholds double precision[] not null,
            present boolean[] not null,
            cells real[],
            stored_at timestamptz not null default now(),
            primary key (recording_id, model_sha256, explainer)
        );
        comment on column results.cells is 'the maps of all classes, one after the other; null for scores alone';
        """,
        """
        alter table results add column answer json;
        comment on column results.answer is 'the whole answer as docs/answers.md describes it; null in rows of earlier versions';
        comment on column results.present is 'an element is null where nothing was decided, because the recording cannot be believed';
        """,
    ];

    public static int Version => s_steps.Length;

    /// <summary>Runs the steps that are missing, all or none.</summary>
    /// <exception cref="SinkException">The tables are of a newer version than this package.</exception>
    public static async Task MigrateAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({Lock})", cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(connection, $"create schema if not exists {schema}; set local search_path to {schema}; create table if not "
            + "exists schema_version (version integer not null)", cancellationToken).ConfigureAwait(false);
        var found = Convert.ToInt32(
            await ScalarAsync(connection, "select coalesce(max(version), 0) from schema_version", cancellationToken).ConfigureAwait(false),
            CultureInfo.InvariantCulture);
        if (found > Version)
            throw new SinkException(
                $"the tables of schema {schema} have version {found}, this package knows versions up to {Version}; use a newer one");
        foreach (var step in s_steps[found..])
            await ExecuteAsync(connection, step, cancellationToken).ConfigureAwait(false);
        if (found < Version)
            await ExecuteAsync(connection, $"delete from schema_version; insert into schema_version values ({Version})", cancellationToken)
                .ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>A sink cannot be used, and trying again does not help.</summary>
public sealed class SinkException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    public SinkException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
