using SignalCam.Testing.Servers;
using SignalCam.Testing;

namespace SignalCam.Distributed.Tests;

/// <summary>One broker and one database for all tests; queues and schemas of each test have names of their own.</summary>
[CollectionDefinition(nameof(ServersFixture))]
public sealed class ServersFixture : IAsyncLifetime, ICollectionFixture<ServersFixture>
{
    private readonly TemporaryFolder _folder = TestData.Folder("broker");
    private RabbitServer? _rabbit;
    private PostgresServer? _postgres;

    internal RabbitServer Rabbit
    {
        get
        {
            Skip.If(RabbitServer.Obstacle is not null, RabbitServer.Obstacle);
            return _rabbit!;
        }
    }

    internal PostgresServer Postgres
    {
        get
        {
            Skip.If(PostgresServer.Obstacle is not null, PostgresServer.Obstacle);
            return _postgres!;
        }
    }

    public async Task InitializeAsync()
    {
        if (RabbitServer.Obstacle is null)
            _rabbit = await RabbitServer.StartAsync(_folder.Path);
        if (PostgresServer.Obstacle is null)
            _postgres = await PostgresServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_rabbit is not null)
            await _rabbit.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        _folder.Dispose();
    }
}
