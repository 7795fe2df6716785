using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using SignalCam.Core.Files;

namespace SignalCam.Distributed.Brokers;

/// <summary>Connects to the broker, and again whenever the connection is lost.</summary>
/// <remarks>
/// The library's own recovery is off: after it, a message that was delivered before cannot be acknowledged any more, and whoever has it
/// should drop it at once. Here a lost connection ends the session with everything in it, and the next begins anew.
/// </remarks>
internal sealed partial class BrokerClient(IOptions<BrokerOptions> options, ILogger<BrokerClient> logger)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);

    // A session of this length counts as a success, after which pauses begin small again.
    private static readonly TimeSpan s_stable = TimeSpan.FromSeconds(10);

    // A queue with other properties; a message above the broker's limit.
    private static readonly string[] s_refusals = ["inequivalent arg", "larger than"];

    // A password, or a few certificates.
    private const long MostSecretBytes = 1 << 20;

    private readonly BrokerOptions _options = options.Value;

    public QueueNames Queues { get; } = new(options.Value);

    /// <summary>Runs sessions until one ends by itself.</summary>
    /// <param name="role">What the connection is called in the broker's list.</param>
    /// <param name="state">Receives the state of the connection.</param>
    /// <param name="session">
    /// Gets an open connection. When it ends with an error of the connection, a new one is made and it runs again.
    /// </param>
    /// <param name="cancellationToken">Ends the attempts to connect; the session looks after itself.</param>
    /// <exception cref="BrokerRefusedException">The broker will not have this user, or these queues.</exception>
    public async Task RunAsync(
        string role, ConnectionState state, Func<IConnection, CancellationToken, Task> session, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(s_firstPause, _options.LongestPause);
        while (true)
        {
            var start = Environment.TickCount64;
            try
            {
                var connection = await ConnectAsync(role, cancellationToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    state.Connected();
                    LogConnected(role, _options.Place);
                    await session(connection, cancellationToken).ConfigureAwait(false);
                    state.Closed();
                    return;
                }
            }
            catch (Exception e) when (Refusal(e) is { } refusal)
            {
                state.Lost(refusal);
                throw new BrokerRefusedException($"{_options.Place}: {refusal}", e);
            }
            catch (Exception e) when (IsOfConnection(e) && !cancellationToken.IsCancellationRequested)
            {
                state.Lost(e.Message);
                if (Environment.TickCount64 - start > s_stable.TotalMilliseconds)
                    backoff.Reset();
                var pause = backoff.Next();
                LogLost(role, _options.Place, Kind(e), pause.TotalSeconds);
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A channel whose publishing ends only when the broker has the message safe.</summary>
    public static Task<IChannel> CreateChannelAsync(IConnection connection, CancellationToken cancellationToken) =>
        connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);

    /// <summary>Publishes a message that survives the broker, and waits until it is safe.</summary>
    public static ValueTask PublishAsync(
        IChannel channel, string queue, ReadOnlyMemory<byte> body, IDictionary<string, object?>? headers,
        CancellationToken cancellationToken) =>
            channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties
            {
                Persistent = true,
                ContentType = "application/octet-stream",
                Timestamp = new AmqpTimestamp(DateTimeOffset.UtcNow.ToUnixTimeSeconds()),
                Headers = headers,
            }, body, cancellationToken);

    /// <summary>Whether an error says that the connection or the broker is gone, not that something is wrong with what was asked.</summary>
    public static bool IsOfConnection(Exception e) =>
        e is RabbitMQClientException or IOException or SocketException or TimeoutException or OperationCanceledException
            or ObjectDisposedException;

    private Task<IConnection> ConnectAsync(string role, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            VirtualHost = _options.VirtualHost,
            UserName = _options.UserName,
            Password = _options.PasswordFile is { } file
                ? RegularFile.ReadAllText(file, MostSecretBytes).TrimEnd('\r', '\n')
                : _options.Password,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ClientProvidedName = $"signalcam {role}",
        };
        var hosts = _options.Hosts is [] ? ["localhost"] : _options.Hosts;
        return factory.CreateConnectionAsync(
            [.. hosts.Select(host => new AmqpTcpEndpoint(host, _options.EffectivePort, Encryption(host)))],
            factory.ClientProvidedName, cancellationToken);
    }

    private SslOption Encryption(string host)
    {
        if (!_options.Tls)
            return new SslOption();
        var ssl = new SslOption(_options.TlsServerName ?? host, enabled: true);
        if (_options.TlsCertificateFile is { } own)
            ssl.Certs = [FromPem(own, text => X509Certificate2.CreateFromPem(text, text))];
        if (_options.TlsAuthorityFile is { } file)
        {
            var authorities = FromPem(file, text =>
            {
                var all = new X509Certificate2Collection();
                all.ImportFromPem(text);
                return all.Count > 0 ? all : throw new CryptographicException("no certificate in it");
            });
            ssl.CertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors, authorities);
        }
        return ssl;
    }

    /// <summary>Certificates of a file; one that is not there, or holds something else, is no matter of the connection.</summary>
    private static T FromPem<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(RegularFile.ReadAllText(file, MostSecretBytes));
        }
        catch (Exception e) when (FileErrors.IsOfFile(e) || e is CryptographicException or ArgumentException)
        {
            var (found, expected) = FileErrors.Describe(e, "certificates in PEM");
            throw new BrokerRefusedException($"{file}: found {found}, expected {expected}", e);
        }
    }

    /// <summary>Whether a certificate has the right name and comes from one of the file's authorities.</summary>
    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var own = new X509Certificate2(certificate);
        return chain.Build(own);
    }

    /// <summary>What the broker will never do, in words; null where trying again may help.</summary>
    private string? Refusal(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            // Not what the library calls a possible one: a broker that goes down while somebody logs in looks the same.
            if (cause is AuthenticationFailureException)
                return $"user '{_options.UserName}' was not let in";
            if (cause is FileRefusedException)
                return cause.Message;
            // 403 and 530 of AMQP 0-9-1: no permission, no such virtual host. 406 is a queue with other properties, but may be an
            // acknowledgement that came too late.
            if (cause is OperationInterruptedException { ShutdownReason: { } reason }
                && (reason.ReplyCode is Constants.AccessRefused or Constants.NotAllowed
                    || (reason.ReplyCode == Constants.PreconditionFailed
                        && s_refusals.Any(text => reason.ReplyText.Contains(text, StringComparison.Ordinal)))))
                return reason.ReplyText;
        }
        return null;
    }

    /// <summary>The kind of the first cause: messages of exceptions may say who logs in.</summary>
    private static string Kind(Exception e) => e.GetBaseException().GetType().Name;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Role} connected to {Broker}")]
    private partial void LogConnected(string role, string broker);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Role} has no connection to {Broker} ({Kind}); trying again in {Seconds:F1} s")]
    private partial void LogLost(string role, string broker, string kind, double seconds);
}
