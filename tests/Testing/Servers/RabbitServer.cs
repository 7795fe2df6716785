using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace SignalCam.Testing.Servers;

/// <summary>Debian's rabbitmq-server as a node of its own: on loopback, on free ports, with its data in a folder of its own.</summary>
public sealed class RabbitServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly string? s_script = ServerProcess.Find("rabbitmq-server", "/usr/lib/rabbitmq/bin");

    private readonly int _mapperPort = ServerProcess.FreePort();
    private readonly Dictionary<string, string> _environment;
    private ServerProcess? _process;

    private RabbitServer(string folder)
    {
        Port = ServerProcess.FreePort();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "plugins"), "[].\n");
        File.WriteAllText(Path.Combine(folder, "environment.conf"), "");
        AuthorityFile = Path.Combine(folder, "authority.pem");
        File.WriteAllText(Path.Combine(folder, "rabbitmq.conf"), $"""
            disk_free_limit.absolute = 50MB
            listeners.ssl.1 = 127.0.0.1:{TlsPort}
            ssl_options.cacertfile = {AuthorityFile}
            ssl_options.certfile = {Path.Combine(folder, "server.pem")}
            ssl_options.keyfile = {Path.Combine(folder, "server.key")}

            """);
        WriteCertificates(folder);
        _environment = new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["ERL_EPMD_PORT"] = $"{_mapperPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "environment.conf"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "plugins"),
            ["RABBITMQ_NODENAME"] = $"signalcam{Port}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{Port}",
            ["RABBITMQ_DIST_PORT"] = $"{ServerProcess.FreePort()}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        };
    }

    /// <summary>Why there is none on this machine; null where there is one.</summary>
    public static string? Obstacle =>
        s_script is null ? "rabbitmq-server is not installed (Debian: apt-get install rabbitmq-server)" : null;

    public int Port { get; }

    public int TlsPort { get; } = ServerProcess.FreePort();

    /// <summary>Who signed the certificate of the encrypted port, which is for "localhost".</summary>
    public string AuthorityFile { get; }

    public string Uri => $"amqp://guest@127.0.0.1:{Port}";

    public TimeSpan ProcessorTime => _process!.ProcessorTime;

    public static async Task<RabbitServer> StartAsync(string folder)
    {
        var server = new RabbitServer(folder);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the node and starts it again on the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task<IConnection> ConnectAsync() =>
        await new ConnectionFactory { HostName = "127.0.0.1", Port = Port, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    /// <summary>Publishes a message, again for as long as the broker rejects it.</summary>
    /// <remarks>
    /// A quorum queue rejects messages while it starts, and it may have been declared a moment ago by another connection, a host's for
    /// one. A rejected message is not in the queue.
    /// </remarks>
    /// <param name="channel">A channel with publisher confirmations, tracked.</param>
    public static async Task PublishAsync(IChannel channel, string queue, ReadOnlyMemory<byte> body, BasicProperties? properties = null)
    {
        for (var limit = DateTime.UtcNow + s_patience; ;)
        {
            try
            {
                await channel.BasicPublishAsync("", queue, mandatory: true, properties ?? new BasicProperties { Persistent = true }, body);
                return;
            }
            catch (PublishException e) when (!e.IsReturn && DateTime.UtcNow < limit)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Messages that are ready in a queue.</summary>
    public async Task<uint> CountAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        return await channel.MessageCountAsync(queue);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        // The port mapper that the node started would stay.
        if (ServerProcess.Find("epmd") is { } mapper)
        {
            using var ending = new ServerProcess(mapper, ["-port", $"{_mapperPort}", "-kill"]);
            await ending.WaitAsync(s_patience);
        }
    }

    private static void WriteCertificates(string folder)
    {
        var (start, end) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=tests of SignalCam", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions
            .Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(start, end);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, start, end, [1, 2, 3, 4]);
        File.WriteAllText(Path.Combine(folder, "authority.pem"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private async Task StopAsync()
    {
        if (_process is null)
            return;
        await _process.StopAsync(s_patience);
        _process.Dispose();
        _process = null;
    }

    private async Task StartAsync()
    {
        _process = new ServerProcess(s_script!, [], _environment);
        var limit = DateTime.UtcNow + s_patience;
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"rabbitmq-server ended with {_process.ExitCode}:\n{_process.Said}");
            try
            {
                await using var connection = await ConnectAsync();
                return;
            }
            catch (BrokerUnreachableException) when (DateTime.UtcNow < limit)
            {
                await Task.Delay(100);
            }
        }
    }
}
