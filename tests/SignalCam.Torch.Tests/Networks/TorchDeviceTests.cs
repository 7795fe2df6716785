using SignalCam.Abstractions;
using SignalCam.Torch.Networks;
using TorchSharp;

namespace SignalCam.Torch.Tests.Networks;

public sealed class TorchDeviceTests
{
    [Theory]
    [InlineData("auto", 0, DeviceType.CPU, -1)]
    [InlineData("auto", 2, DeviceType.CUDA, 0)]
    [InlineData("cpu", 2, DeviceType.CPU, -1)]
    [InlineData("cuda", 1, DeviceType.CUDA, 0)]
    [InlineData("CUDA:1", 2, DeviceType.CUDA, 1)]
    public void A_name_selects_a_device_that_is_there(string name, int there, DeviceType type, int index)
    {
        var device = TorchDevice.Select(name, allowFallback: false, there);
        Assert.Equal(type, device.type);
        if (index >= 0)
            Assert.Equal(index, device.index);
    }

    [Theory]
    [InlineData("cuda", 0, "no CUDA device is here")]
    [InlineData("cuda:3", 2, "CUDA devices are 0 to 1")]
    [InlineData("cuda:x", 1, "expected a number after 'cuda:'")]
    [InlineData("cuda:", 1, "expected a number after 'cuda:'")]
    [InlineData("tpu", 1, "expected auto, cpu, cuda or cuda:N")]
    public void A_device_that_is_not_there_is_a_clear_error(string name, int there, string message)
    {
        Assert.Contains(message, Assert.Throws<DeviceException>(() => TorchDevice.Select(name, allowFallback: false, there)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_fallback_is_taken_only_when_allowed() =>
        Assert.Equal(DeviceType.CPU, TorchDevice.Select("cuda:1", allowFallback: true, cudaDevices: 1).type);
}
