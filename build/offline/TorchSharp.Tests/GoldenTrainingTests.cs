using System.Buffers.Binary;
using SignalCam.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

/// <summary>Three training steps on real recordings against PyTorch 1.13 itself.</summary>
public class GoldenTrainingTests
{
    private const int Samples = 1000;
    private const int Leads = 12;
    private const int Batch = 32;

    [SkippableFact]
    public void Three_training_steps_equal_PyTorchs()
    {
        var ptbxl = TestData.PtbXl();
        using var whole = NewDisposeScope();
        var expected = Safetensors.Read(TestData.Shared("golden/training-3-steps.safetensors"));
        var start = Safetensors.Read(TestData.Shared("golden/model_0.safetensors"));
        using var net = new PaperNet();
        var target = net.state_dict();
        Assert.Equal(22273, net.parameters().Sum(parameter => parameter.numel()));
        net.load_state_dict(start.ToDictionary(entry => entry.Key, entry => entry.Value.reshape(target[entry.Key].shape)));
        var signals = Signals(ptbxl, expected["ecg_id"].data<long>().ToArray());
        using var optimizer = optim.Adam(net.parameters(), 5e-4);

        net.train();
        for (var step = 0; step < 3; step++)
        {
            using var scope = NewDisposeScope();
            var rows = TensorIndex.Slice(step * Batch, (step + 1) * Batch);
            optimizer.zero_grad();
            var loss = nn.functional.binary_cross_entropy(net.call(signals[rows]), expected["label"][rows].unsqueeze(1));
            loss.backward();
            Assert.Equal(expected["loss"][step].ToDouble(), loss.ToDouble(), 1e-5);
            if (step == 0)
                AssertGradients(net, expected);
            optimizer.step();
        }

        foreach (var (name, tensor) in net.state_dict())
        {
            using var scope = NewDisposeScope();
            var difference = (tensor.reshape(-1).@double() - expected[$"after.{name}"].reshape(-1).@double()).abs().max().ToDouble();
            Assert.True(difference <= Tolerance(name), $"{name} differs by {difference} after the third step");
        }
    }

    /// <summary>
    /// Batch norm removes a convolution's bias again: its gradient is rounding noise, which Adam turns into steps of full size
    /// either way (up to 2 x 3 x 5e-4), and the running mean follows it.
    /// </summary>
    private static double Tolerance(string name) =>
        name is "last_conv.bias" || name.EndsWith(".0.bias", StringComparison.Ordinal) ? 3e-3
        : name.EndsWith("running_mean", StringComparison.Ordinal) ? 1e-3
        : 1e-6;

    private static void AssertGradients(PaperNet net, Dictionary<string, Tensor> expected)
    {
        var largest = net.parameters().Max(parameter => parameter.grad!.abs().max().ToDouble());
        foreach (var (name, parameter) in net.named_parameters())
        {
            var difference = (parameter.grad! - expected[$"grad.{name}"]).abs().max().ToDouble();
            Assert.True(difference <= 1e-4 * largest, $"the gradient of {name} differs by {difference}, the largest gradient is {largest}");
        }
    }

    /// <summary>The recordings as the paper scales them: (record, lead, sample).</summary>
    private static Tensor Signals(string ptbxl, long[] ids)
    {
        var basis = PolynomialBasis(10);
        var signals = new float[ids.Length * Leads * Samples];
        for (var record = 0; record < ids.Length; record++)
        {
            var file = File.ReadAllBytes(Path.Combine(ptbxl, $"records100/{ids[record] / 1000:00}000/{ids[record]:00000}_lr.dat"));
            for (var lead = 0; lead < Leads; lead++)
            {
                var samples = new double[Samples];
                for (var i = 0; i < Samples; i++)
                    samples[i] = BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(2 * (i * Leads + lead))) / 1000.0;
                Scaled(samples, basis).CopyTo(signals.AsSpan((record * Leads + lead) * Samples));
            }
        }
        return tensor(signals, [ids.Length, Leads, Samples]);
    }

    private static float[] Scaled(double[] samples, double[][] basis)
    {
        foreach (var polynomial in basis)
        {
            var share = Dot(polynomial, samples);
            for (var i = 0; i < samples.Length; i++)
                samples[i] -= share * polynomial[i];
        }
        var sorted = samples.Order().ToArray();
        var median = (sorted[Samples / 2 - 1] + sorted[Samples / 2]) / 2;
        var largest = samples.Max(sample => Math.Abs(sample - median));
        return Array.ConvertAll(samples, sample => largest == 0 ? 0 : (float)((sample - median) / largest));
    }

    /// <summary>Orthonormal polynomials over the samples (Gram-Schmidt, twice for accuracy).</summary>
    private static double[][] PolynomialBasis(int degree)
    {
        var basis = new List<double[]>();
        for (var power = 0; power <= degree; power++)
        {
            var next = Enumerable.Range(0, Samples).Select(i => Math.Pow(2.0 * i / (Samples - 1) - 1, power)).ToArray();
            for (var pass = 0; pass < 2; pass++)
                foreach (var former in basis)
                {
                    var share = Dot(former, next);
                    next = next.Zip(former, (value, other) => value - share * other).ToArray();
                }
            var norm = Math.Sqrt(Dot(next, next));
            basis.Add(Array.ConvertAll(next, value => value / norm));
        }
        return [.. basis];
    }

    private static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
