using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;

namespace SignalCam.Core.Tests.Augmentation;

public class CompositionTests
{
    private static readonly SignalLayout Layout = Recordings.Standard;
    private static readonly SignalLayout Tiny = new(["I"], 1, 100);

    [Fact]
    public void The_papers_chain_leaves_one_recording_in_sixteen_untouched()
    {
        var chain = Chain(AugmentationPresets.Paper);
        var original = Recordings.Consistent(1);
        const int Rounds = 4000;
        var untouched = 0;
        for (var record = 0; record < Rounds; record++)
        {
            float[] samples = [.. original];
            chain.Apply(samples, Layout, EcgRandom.For(1, 0, record));
            untouched += samples.AsSpan().SequenceEqual(original) ? 1 : 0;
        }
        // Four coins, and a shift that runs moves by 0 samples in one case of 30: 0.0625 x (1 + 1 / 30); standard deviation 0.0039.
        Assert.Equal(0.0646, untouched / (double)Rounds, 0.012);
    }

    [Fact]
    public void The_papers_chain_names_its_parts_and_their_published_values()
    {
        Assert.Equal(["time-shift", "amplitude-scale", "gaussian-noise", "one-of"], AugmentationPresets.Paper.Select(s => s.Name));
        Assert.Equal("""{"limit":0.03,"direction":"right","probability":0.5}""", AugmentationPresets.Paper[0].Options!.ToJsonString());
        Assert.Equal("""{"low":-0.2,"high":0.2,"probability":0.5}""", AugmentationPresets.Paper[1].Options!.ToJsonString());
        Assert.Equal("""{"variance":0.001,"leads":"independent","probability":0.5}""",
            AugmentationPresets.Paper[2].Options!.ToJsonString());
        var oneOf = Assert.IsType<OneOf>(Chain(AugmentationPresets.Paper).Steps[3]);
        Assert.Equal(["sine-pulse", "respiration-noise"], oneOf.Choices.Select(c => c.Name));
        Assert.Equal(0.5, oneOf.Probability);
    }

    [Theory]
    [InlineData("paper")]
    [InlineData("recommended")]
    public void The_same_seed_gives_the_same_bits_from_any_thread(string preset)
    {
        var chain = Chain(preset == "paper" ? AugmentationPresets.Paper : AugmentationPresets.Recommended);
        float[] Run(int record)
        {
            var samples = Recordings.Consistent(record % 7);
            chain.Apply(samples, Layout, EcgRandom.For(42, 3, record));
            return samples;
        }
        var inOrder = Enumerable.Range(0, 64).Select(Run).ToArray();
        var inParallel = new float[64][];
        Parallel.For(0, 64, i => inParallel[i] = Run(i));
        Assert.Equal(inOrder, inParallel);
        Assert.NotEqual(inOrder[0], inOrder[7]);
    }

    [Fact]
    public void The_recommended_chain_is_shift_amplitude_and_noise() =>
        Assert.Equal(["time-shift", "amplitude-scale", "gaussian-noise"], Chain(AugmentationPresets.Recommended).Steps.Select(s => s.Name));

    [Fact]
    public void Children_of_one_of_are_chosen_by_weight_and_the_chosen_one_always_runs()
    {
        var counts = new int[3];
        var oneOf = new OneOf([new Counter(counts, 0, 0.1), new Counter(counts, 1, 0.3), new Counter(counts, 2, 0)], probability: 1);
        var random = new EcgRandom(5);
        for (var round = 0; round < 4000; round++)
            oneOf.Apply(new float[1], Tiny, random);
        Assert.Equal(4000, counts.Sum());
        // 1000 expected, standard deviation 27.
        Assert.InRange(counts[0], 880, 1120);
        Assert.Equal(0, counts[2]);
    }

    [Fact]
    public void One_of_tosses_a_fair_coin_by_default_and_each_step_of_a_sequence_its_own()
    {
        var counts = new int[3];
        var chain = new AugmentationSequence(
            [new OneOf([new Counter(counts, 0, 0.9)]), new Counter(counts, 1, 0.2), new Counter(counts, 2, 1)]);
        var random = new EcgRandom(5);
        for (var round = 0; round < 4000; round++)
            chain.Apply(new float[1], Tiny, random);
        Assert.InRange(counts[0], 1870, 2130);
        Assert.InRange(counts[1], 700, 900);
        Assert.Equal(4000, counts[2]);
    }

    [Fact]
    public void A_choice_from_elsewhere_takes_part_with_the_default_weight()
    {
        var counts = new int[2];
        var oneOf = new OneOf([new Counter(counts, 0, 0.5), new Elsewhere(counts)], probability: 1);
        var random = new EcgRandom(5);
        for (var round = 0; round < 2000; round++)
            oneOf.Apply(new float[1], Tiny, random);
        Assert.Equal(2000, counts.Sum());
        Assert.InRange(counts[1], 890, 1110);
    }

    [Fact]
    public void Nested_parts_come_from_the_same_registry_and_errors_name_them()
    {
        var registry = BuiltInAugmentations.Register(new PluginRegistry<IAugmentation>("augmentation"));
        var nested =
            JsonNode.Parse("""{"probability": 0.7, "steps": [{"name": "one-of", "options": {"choices": [{"name": "Time-Warp"}, """
                + """{"name": "lead-dropout", "options": {"leadProbability": 0.5}}]}}]}""")!.AsObject();
        var sequence = Assert.IsType<AugmentationSequence>(registry.Create(new ComponentSpec("sequence", nested)));
        Assert.Equal(0.7, sequence.Probability);
        Assert.Equal(["time-warp", "lead-dropout"], Assert.IsType<OneOf>(Assert.Single(sequence.Steps)).Choices.Select(c => c.Name));

        Assert.Contains("'nosuch'", Error(registry, "sequence", """{"steps": [{"name": "nosuch"}]}"""), StringComparison.Ordinal);
        Assert.Contains("'one-of' needs at least one choice", Error(registry, "one-of", "{}"), StringComparison.Ordinal);
        var noSteps = Error(registry, "sequence", """{"steps": null}""");
        Assert.Contains("'steps'", noSteps, StringComparison.Ordinal);
        Assert.Contains("null", noSteps, StringComparison.Ordinal);
        Assert.Contains("Probability is 1.5", Error(registry, "time-shift", """{"probability": 1.5}"""), StringComparison.Ordinal);
        Assert.Contains("High is -0.5", Error(registry, "amplitude-scale", """{"high": -0.5}"""), StringComparison.Ordinal);
        Assert.Contains("'sine-pulse'", Error(registry, "sine-pulse", """{"amplitude": 1}"""), StringComparison.Ordinal);
    }

    private static AugmentationSequence Chain(IReadOnlyList<ComponentSpec> specs) =>
        new(specs, BuiltInAugmentations.Register(new PluginRegistry<IAugmentation>("augmentation")));

    private static string Error(PluginRegistry<IAugmentation> registry, string name, string options) =>
        Assert.Throws<PluginException>(() => registry.Create(new ComponentSpec(name, JsonNode.Parse(options)!.AsObject()))).Message;

    private sealed class Counter(int[] counts, int index, double probability) : ProbabilisticAugmentation(probability)
    {
        public override string Name => "counter";

        protected internal override void Run(Span<float> samples, SignalLayout layout, EcgRandom random) => counts[index]++;
    }

    private sealed class Elsewhere(int[] counts) : IAugmentation
    {
        public string Name => "elsewhere";

        public void Apply(Span<float> samples, SignalLayout layout, EcgRandom random) => counts[1]++;
    }
}
