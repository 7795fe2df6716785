using System.CommandLine;
using SignalCam.Distributed.Brokers;

namespace SignalCam.Cli.Commands;

/// <summary>
/// `--broker`, `--broker-ca` and `--queue-prefix`: where jobs and results go. The password comes from the environment, where other users of
/// the machine do not see it.
/// </summary>
internal sealed class BrokerOption
{
    public const string PasswordVariable = "SIGNALCAM_BROKER_PASSWORD";

    public Option<string> Broker { get; } = new("--broker")
    {
        Description = $"The RabbitMQ broker: amqp://USER@HOST[:PORT][/VHOST], or amqps:// for TLS; the password in {PasswordVariable}",
        HelpName = "URI",
        DefaultValueFactory = _ => "amqp://guest@localhost",
    };

    public Option<string?> Authority { get; } = new("--broker-ca")
    {
        Description = "Authorities (PEM) that the broker's certificate may come from [those of the machine]",
        HelpName = "FILE",
    };

    public Option<string> QueuePrefix { get; } = new("--queue-prefix")
    {
        Description = "What the names of the queues begin with",
        DefaultValueFactory = _ => new BrokerOptions().QueuePrefix,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Broker);
        command.Options.Add(Authority);
        command.Options.Add(QueuePrefix);
    }

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="UsageException">The address is none of a broker, or holds a password.</exception>
    public Action<BrokerOptions> Of(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(Broker);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
            throw new UsageException($"{Broker.Name}: expected amqp://USER@HOST[:PORT][/VHOST], or amqps:// for TLS");
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            throw new UsageException(
                $"{Broker.Name}: a password on the command line can be read by others; set {PasswordVariable} instead");
        string host;
        try
        {
            host = uri.IdnHost;
        }
        catch (UriFormatException e)
        {
            throw new UsageException($"{Broker.Name}: {e.Message}");
        }
        return options =>
        {
            options.Hosts.Add(host);
            options.Port = Math.Max(uri.Port, 0);
            options.Tls = uri.Scheme == "amqps";
            options.TlsAuthorityFile = parsed.GetValue(Authority);
            options.VirtualHost = uri.AbsolutePath is "" or "/" ? "/" : Uri.UnescapeDataString(uri.AbsolutePath[1..]);
            options.QueuePrefix = parsed.GetRequiredValue(QueuePrefix);
            if (uri.UserInfo.Length > 0)
                options.UserName = Uri.UnescapeDataString(uri.UserInfo);
            if (Environment.GetEnvironmentVariable(PasswordVariable) is { } password)
                options.Password = password;
        };
    }
}
