using Npgsql;
using NpgsqlTypes;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Sinks;

/// <summary>Writes results into a table of PostgreSQL, whose primary key is the result's. The sink makes and migrates its tables.</summary>
/// <remarks>
/// A batch is copied into a temporary table and from there inserted in one statement; rows whose key is there already are left as they are.
/// Several collectors may write at once.
/// </remarks>
internal sealed class PostgreSqlSink : IResultSink
{
    private const string Columns =
        "recording_id, model_sha256, explainer, model, classes, probabilities, logits, thresholds, present, cells, answer";

    private readonly PostgreSqlSinkOptions _options;
    private NpgsqlConnection? _connection;

    /// <summary>Creates the sink; nothing is connected yet.</summary>
    /// <exception cref="PluginException">An option has a value that is not allowed.</exception>
    public PostgreSqlSink(PostgreSqlSinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // The schema's name becomes a part of statements.
        CheckedOptions.Require(options);
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The database cannot be reached, or does not let this user in.</exception>
    /// <exception cref="SinkException">The tables are of a newer version than this package.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken = default)
    {
        await DisposeAsync().ConfigureAwait(false);
        _connection = new NpgsqlConnection(_options.ConnectionString);
        await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await PostgreSqlSchema.MigrateAsync(_connection, _options.Schema, cancellationToken).ConfigureAwait(false);
        var staging = new NpgsqlCommand(
            $"create temporary table staged (like {_options.Schema}.results including defaults) on commit delete rows", _connection);
        await using var _ = staging.ConfigureAwait(false);
        await staging.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The database does not answer; open the sink again.</exception>
    public async Task<int> WriteAsync(IReadOnlyList<ScoringResult> results, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(results);
        var connection = _connection ?? throw new InvalidOperationException("the sink is not open");
        try
        {
            return await InsertAsync(connection, results, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (IsOfContent(e))
        {
            throw new ResultRefusedException($"{e.SqlState}: {e.MessageText}", e);
        }
        // A text that is no Unicode.
        catch (System.Text.EncoderFallbackException e)
        {
            throw new ResultRefusedException(e.Message, e);
        }
    }

    private async Task<int> InsertAsync(
        NpgsqlConnection connection, IReadOnlyList<ScoringResult> results, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await StageAsync(connection, results, cancellationToken).ConfigureAwait(false);
        var insert = new NpgsqlCommand(
            // In the order of the key, so that two collectors that hold the same results do not wait for each other.
            $"insert into {_options.Schema}.results ({Columns}) select {Columns} from staged order by recording_id, model_sha256, "
            + "explainer on conflict do nothing",
            connection);
        await using var __ = insert.ConfigureAwait(false);
        var added = await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return added;
    }

    /// <summary>Classes 22, 23 and 54 of SQLSTATE: a value that is none, a constraint, a limit.</summary>
    private static bool IsOfContent(PostgresException e) => e.SqlState[..2] is "22" or "23" or "54";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
        _connection = null;
    }

    private static async Task StageAsync(
        NpgsqlConnection connection, IReadOnlyList<ScoringResult> results, CancellationToken cancellationToken)
    {
        var import = await connection.BeginBinaryImportAsync($"copy staged ({Columns}) from stdin (format binary)", cancellationToken)
            .ConfigureAwait(false);
        await using var _ = import.ConfigureAwait(false);
        foreach (var result in results.DistinctBy(r => r.Key))
        {
            await import.StartRowAsync(cancellationToken).ConfigureAwait(false);
            foreach (var text in new[] { result.Key.RecordingId, result.Key.ModelSha256, result.Key.Explainer, result.Answer.Model })
                await import.WriteAsync(text, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
            var scores = result.Answer.Scores;
            await import.WriteAsync(scores.Select(s => s.Class).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken)
                .ConfigureAwait(false);
            foreach (var numbers in new[]
            {
                scores.Select(s => s.Probability), scores.Select(s => s.Logit), scores.Select(s => s.Threshold),
            })
                await import.WriteAsync(numbers.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Double, cancellationToken)
                    .ConfigureAwait(false);
            await import.WriteAsync(scores.Select(s => Present(s.Decision)).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Boolean,
                cancellationToken).ConfigureAwait(false);
            if (scores.All(s => s.HeatMap is not null))
                await import.WriteAsync(scores.SelectMany(s => s.HeatMap!.Cells).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Real,
                    cancellationToken).ConfigureAwait(false);
            else
                await import.WriteNullAsync(cancellationToken).ConfigureAwait(false);
            await import.WriteAsync(ResultJson.WriteStorable(result), NpgsqlDbType.Json, cancellationToken).ConfigureAwait(false);
        }
        await import.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static bool? Present(ClassDecision decision) => decision == ClassDecision.Undecided ? null : decision == ClassDecision.Present;
}
