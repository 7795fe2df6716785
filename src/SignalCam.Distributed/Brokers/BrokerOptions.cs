using System.ComponentModel.DataAnnotations;

namespace SignalCam.Distributed.Brokers;

/// <summary>Where the RabbitMQ broker is and how to log in; bound from the section `SignalCamBroker`.</summary>
public sealed class BrokerOptions
{
    /// <summary>The section's name: "SignalCamBroker".</summary>
    public const string SectionName = "SignalCamBroker";

    /// <summary>Hosts of the broker's nodes; one that answers is taken. Default empty: localhost.</summary>
    public List<string> Hosts { get; } = [];

    /// <summary>The port; 0, the default, for 5672, or 5671 with TLS.</summary>
    [Range(0, 65535)]
    public int Port { get; set; }

    /// <summary>The virtual host. Default "/".</summary>
    [Required]
    public string VirtualHost { get; set; } = "/";

    /// <summary>Who logs in. Default "guest", whom a broker lets in from its own machine only.</summary>
    [Required]
    public string UserName { get; set; } = "guest";

    /// <summary>
    /// The password. Give it by an environment variable or a secret store rather than in a file of settings. Never logged. Default "guest".
    /// </summary>
    public string Password { get; set; } = "guest";

    /// <summary>
    /// A file that holds the password, as container platforms mount secrets; read at each connection, so that it may change. Default null:
    /// <see cref="Password"/> counts.
    /// </summary>
    public string? PasswordFile { get; set; }

    /// <summary>Whether the connection is encrypted. Default false.</summary>
    public bool Tls { get; set; }

    /// <summary>The name that the broker's certificate must carry. Default null: the host's.</summary>
    public string? TlsServerName { get; set; }

    /// <summary>A file of authorities (PEM) that the broker's certificate may come from. Default null: those of the machine.</summary>
    public string? TlsAuthorityFile { get; set; }

    /// <summary>This client's certificate and key in one file (PEM), where the broker asks for one. Default null.</summary>
    public string? TlsCertificateFile { get; set; }

    /// <summary>What the names of all queues begin with. Default "signalcam".</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,100}$", ErrorMessage = "allowed are letters, digits, dots, dashes and underscores.")]
    public string QueuePrefix { get; set; } = "signalcam";

    /// <summary>
    /// How often the broker hands out one message before it goes to the dead-letter queue: what kills every worker that takes it must not
    /// do so for ever. Restarts of workers and of the broker count too. All clients of a queue must agree. Default 20.
    /// </summary>
    [Range(3, 1000)]
    public int DeliveryLimit { get; set; } = 20;

    /// <summary>
    /// The longest pause between two attempts to connect; the first is 0.2 s, each is about twice the one before. Default 30 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The broker without credentials.</summary>
    internal string Place =>
        $"{(Tls ? "amqps" : "amqp")}://{string.Join(',', Hosts is [] ? ["localhost"] : Hosts)}:{EffectivePort}"
        + $"{(VirtualHost == "/" ? "" : "/" + VirtualHost)}";

    internal int EffectivePort => Port != 0 ? Port : Tls ? 5671 : 5672;
}
