using Npgsql;

namespace SignalCam.Testing.Servers;

/// <summary>
/// Debian's PostgreSQL as a cluster of its own: on loopback, on a free port, with its data in a folder of its own. It refuses to run as
/// root, so there it runs as `postgres`.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int Interrupt = 2;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly string? s_initdb = ServerProcess.Find(
        "initdb",
        Directory.Exists("/usr/lib/postgresql")
            ? [.. Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal)
                .Select(f => Path.Combine(f, "bin"))]
            : []);

    private readonly string _folder;
    private ServerProcess? _process;

    private PostgresServer(string folder)
    {
        _folder = folder;
        Port = ServerProcess.FreePort();
    }

    /// <summary>Why there is none on this machine; null where there is one.</summary>
    public static string? Obstacle => s_initdb is null ? "postgresql is not installed (Debian: apt-get install postgresql)" : null;

    public int Port { get; }

    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=signalcam;Database=postgres";

    private static bool IsRoot => Environment.UserName == "root";

    public static async Task<PostgresServer> StartAsync()
    {
        // Not below the tests' folder, which another user cannot enter.
        var server = new PostgresServer(Directory.CreateTempSubdirectory("signalcam-postgres-").FullName);
        try
        {
            if (IsRoot)
                await RunAsync("chown", ["postgres", server._folder]);
            await RunAsync(As(s_initdb!,
                ["-D", server._folder, "-U", "signalcam", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]));
            await server.BeginAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        NpgsqlConnection.ClearAllPools();
        await BeginAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static (string Program, string[] Arguments) As(string program, string[] arguments) =>
        IsRoot ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments]) : (program, arguments);

    private static Task RunAsync((string Program, string[] Arguments) command) => RunAsync(command.Program, command.Arguments);

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = new ServerProcess(program, arguments);
        await process.WaitAsync(s_patience);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{process.Said}");
    }

    private async Task BeginAsync()
    {
        var (program, arguments) = As(Path.Combine(Path.GetDirectoryName(s_initdb!)!, "postgres"),
            ["-D", _folder, "-p", $"{Port}", "-h", "127.0.0.1", "-k", _folder]);
        _process = new ServerProcess(program, arguments);
        var limit = DateTime.UtcNow + s_patience;
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"postgres ended with {_process.ExitCode}:\n{_process.Said}");
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString);
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (DateTime.UtcNow < limit)
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task StopAsync()
    {
        if (_process is null)
            return;
        // The fast shutdown.
        await _process.StopAsync(s_patience, Interrupt);
        _process.Dispose();
        _process = null;
    }
}
