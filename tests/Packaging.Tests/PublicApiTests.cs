using System.Reflection;
using static VerifyXunit.Verifier;

namespace Packaging.Tests;

/// <summary>
/// A failure means that the public surface of a package is no longer the accepted one. Something that is gone or has another signature
/// breaks programs that use the package: it takes a new major version (from 1.0 on) and a line in CHANGELOG.md. Something new is a
/// promise to keep: is it documented, and does it have to be public? When the change is meant, accept it: move the .received.txt beside
/// this file over the .verified.txt, and commit it with the change, so that a reviewer sees both.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public Task Abstractions() => Verify(PublicApi.Of(Assembly.Load("SignalCam.Abstractions")));

    [Fact]
    public Task Core() => Verify(PublicApi.Of(Assembly.Load("SignalCam.Core")));

    [Fact]
    public Task Reporting() => Verify(PublicApi.Of(Assembly.Load("SignalCam.Reporting")));

    [Fact]
    public Task Imaging() => Verify(PublicApi.Of(Assembly.Load("SignalCam.Imaging")));

    [Fact]
    public Task Formats() => Verify(PublicApi.Of(Assembly.Load("SignalCam.Formats")));

    [Fact]
    public Task Torch() => Verify(PublicApi.Of(Assembly.Load("SignalCam.Torch")));

    [Fact]
    public Task Sdk() => Verify(PublicApi.Of(Assembly.Load("SignalCam.Sdk")));

    [Fact]
    public Task Distributed() => Verify(PublicApi.Of(Assembly.Load("SignalCam.Distributed")));

    [Fact]
    public Task Viewer() => Verify(PublicApi.Of(Assembly.Load("SignalCam.Viewer")));
}
