using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Synthetic;
using SignalCam.Testing;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Architectures;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Explainers;

public sealed class ExplainerTests
{
    private static readonly SignalCamComponents s_components = Components();

    public static TheoryData<string> Names => [.. new SignalCamComponents().Explainers.Names];

    [Fact]
    public void On_a_linear_network_gradient_x_input_and_integrated_gradients_are_weight_times_sample()
    {
        using var model = LinearModel.Build();
        var (samples, slopes) = (LinearModel.Samples(1), LinearModel.Slopes(model));
        foreach (var explainer in (IEcgExplainer[])[new GradientTimesInputExplainer(), new IntegratedGradientsExplainer()])
        {
            var map = explainer.Explain(model, samples, 1)[0].Maps[0];
            for (var k = 0; k < 80; k++)
                Assert.Equal(slopes[k / 40] * samples[k], map.ByLead()[k], 1e-6);
            for (var t = 0; t < 40; t++)
                Assert.Equal(map.ByLead()[t] + map.ByLead()[40 + t], map.Samples[t], 1e-6);
        }
    }

    [Fact]
    public void On_a_linear_network_cam_x_gradient_is_weight_times_sample_times_what_of_the_map_speaks_for_the_class()
    {
        using var model = LinearModel.Build();
        var (samples, slopes) = (LinearModel.Samples(1), LinearModel.Slopes(model));
        var cam = model.Run(samples, 1, CamKind.Exact).Map(0, 0).ToArray();
        var map = new CamTimesGradientExplainer().Explain(model, samples, 1)[0].Maps[0];
        // A cell is a sample here, so nothing is resampled.
        Assert.Equal(40, cam.Length);
        Assert.Contains(cam, value => value < 0);
        Assert.Contains(cam, value => value > 0);
        for (var k = 0; k < 80; k++)
            Assert.Equal(Math.Max(0, cam[k % 40]) * slopes[k / 40] * samples[k], map.ByLead()[k], 1e-6);
        Assert.Equal((HeatMapSign.ForAndAgainst, HeatMapUnits.Arbitrary), (map.Sign, map.Unit));
    }

    [Fact]
    public void On_a_linear_network_saliency_and_smoothgrad_are_the_absolute_weight()
    {
        using var model = LinearModel.Build();
        var slopes = LinearModel.Slopes(model);
        foreach (var explainer in (IEcgExplainer[])[new SaliencyExplainer(), new SmoothGradExplainer()])
        {
            var map = explainer.Explain(model, LinearModel.Samples(2), 1)[0].Maps[0];
            Assert.Equal(HeatMapSign.Magnitude, map.Sign);
            for (var k = 0; k < 80; k++)
                Assert.Equal(Math.Abs(slopes[k / 40]), map.ByLead()[k], 1e-6);
            Assert.All(map.Samples, v => Assert.Equal(slopes.Max(Math.Abs), v, 1e-6));
        }
    }

    [Fact]
    public void On_a_linear_network_occlusion_is_the_sum_of_weight_times_sample_in_the_window()
    {
        using var model = LinearModel.Build();
        var (samples, slopes) = (LinearModel.Samples(3), LinearModel.Slopes(model));
        var map = new OcclusionExplainer(new OcclusionOptions { Window = 0.5 }).Explain(model, samples, 1)[0].Maps[0];

        Assert.Equal(8, map.Cells.Length);
        for (var window = 0; window < 8; window++)
        {
            double Sum(int lead) => slopes[lead] * Enumerable.Range(0, 5).Sum(t => samples[lead * 40 + window * 5 + t]);
            Assert.Equal(Sum(0) + Sum(1), map.Cells[window], 1e-5);
        }
        // Linear between centres: halfway between the two middle samples of a window of five lies the centre itself.
        Assert.Equal(slopes[1] * Enumerable.Range(0, 5).Sum(t => samples[40 + 10 + t]), map.ByLead()[40 + 12], 1e-5);
    }

    [Fact]
    public void Grad_CAM_is_the_positive_part_of_the_exact_CAM_over_the_cells_and_HiResCAM_the_whole()
    {
        using var model = SignalCnn("MI", "CD");
        var samples = Prepared(model, 3);
        var exact = new CamExplainer().Explain(model, samples, 3);
        var gradCam = new GradCamExplainer().Explain(model, samples, 3);
        var hiRes = new HiResCamExplainer().Explain(model, samples, 3);
        for (var i = 0; i < 3; i++)
            for (var c = 0; c < 2; c++)
            {
                var cells = exact[i].Maps[c].Cells;
                Assert.Equal(50, cells.Length);
                for (var k = 0; k < cells.Length; k++)
                {
                    Assert.Equal(Math.Max(0, cells[k]) / cells.Length, gradCam[i].Maps[c].Cells[k], 1e-6);
                    Assert.Equal(cells[k] / cells.Length, hiRes[i].Maps[c].Cells[k], 1e-6);
                }
                Assert.InRange(exact[i].Maps[c].CompletenessError!.Value, 0, 1e-5);
                Assert.InRange(hiRes[i].Maps[c].CompletenessError!.Value, 0, 1e-5);
            }
    }

    [Fact]
    public void Grad_CAM_plus_plus_is_as_its_formula()
    {
        using var model = SignalCnn();
        var samples = Prepared(model, 1);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var features = model.Network.Backbone.call(tensor(samples, [1, 12, 200]));
        var (channels, cells) = ((int)features.shape[1], (int)features.shape[2]);
        var (a, w) = (features.contiguous().data<float>().ToArray(), model.Network.State["pred_layer.weight"]
            .detach().data<float>().ToArray());
        var expected = new double[cells];
        for (var k = 0; k < channels; k++)
        {
            double g = w[k] / cells, sum = a.Skip(k * cells).Take(cells).Sum(v => (double)v);
            var alpha = g * g / (2 * g * g + sum * g * g * g);
            for (var t = 0; t < cells; t++)
                expected[t] += cells * alpha * Math.Max(0, g) * a[k * cells + t];
        }
        var map = new GradCamPlusPlusExplainer().Explain(model, samples, 1)[0].Maps[0].Cells;
        for (var t = 0; t < cells; t++)
            Assert.Equal(Math.Max(0, expected[t]), map[t], 1e-6);
    }

    [Fact]
    public void Integrated_gradients_add_up_to_the_logit_s_difference_from_a_flat_line()
    {
        using var model = SignalCnn("MI", "CD");
        var samples = Prepared(model, 10);
        var baseline = model.Run(new float[12 * 200], 1).Logits;
        var explained = new IntegratedGradientsExplainer().Explain(model, samples, 10);
        for (var i = 0; i < 10; i++)
            for (var c = 0; c < 2; c++)
            {
                var (difference, map) = (explained[i].Logits[c] - baseline[c], explained[i].Maps[c]);
                var error = Math.Abs(map.ByLead().Sum(v => (double)v) - difference);
                // A part in a hundred, and what single precision loses in adding 2,400 values.
                Assert.InRange(error, 0, 0.01 * Math.Abs(difference) + 1e-5);
                Assert.Equal(error / Math.Max(1, Math.Abs(difference)), map.CompletenessError!.Value, 1e-5);
            }
    }

    [SkippableFact]
    public async Task On_fold_9_the_exact_CAM_adds_up_to_a_part_in_100_000_and_integrated_gradients_to_one_in_100()
    {
        using var model = Golden.ReleasedModel();
        var dataset = PtbXlDataset.Open(TestData.PtbXl());
        var worst = (Cam: 0.0, Integrated: 0.0);
        foreach (var chunk in FoldSet.Parse("9").Select(dataset.Entries).Chunk(128))
        {
            var recordings = new List<EcgSignal>();
            foreach (var entry in chunk)
                recordings.Add(await dataset.ReadAsync(entry));
            worst.Cam = Math.Max(worst.Cam, new CamExplainer().Explain(model, recordings).Max(e => e.Maps[0].CompletenessError!.Value));
            worst.Integrated = Math.Max(worst.Integrated,
                new IntegratedGradientsExplainer().Explain(model, recordings[..4]).Max(e => e.Maps[0].CompletenessError!.Value));
        }
        Assert.InRange(worst.Cam, 0, 1e-5);
        Assert.InRange(worst.Integrated, 0, 0.01);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_works_with_an_architecture_from_elsewhere_and_leaves_it_as_it_is(string name)
    {
        using var model = Build("strided-cnn", "MI", "CD");
        var (before, samples) = (NetworkState.Copy(model.Network).Select(t => t.Data.ToArray()).ToArray(), Prepared(model, 2));
        var explainer = s_components.Explainers.Create(new ComponentSpec(name));

        var explained = explainer.Explain(model, samples, 2);
        Assert.Equal(2, explained.Count);
        Assert.All(explained.SelectMany(e => e.Maps), map =>
        {
            Assert.Equal((200, name), (map.Samples.Length, map.Method));
            Assert.All(map.Values(), v => Assert.True(float.IsFinite(v)));
            Assert.True(map.Sign == HeatMapSign.ForAndAgainst || map.Values().All(v => v >= 0));
        });
        Assert.Equal(["MI", "CD"], explained[0].Maps.Select(m => m.Class));
        Assert.Equal(before, NetworkState.Copy(model.Network).Select(t => t.Data.ToArray()));
        Assert.All(model.Network.Parameters, p => Assert.Null(p.grad));
        Assert.False(model.Network.Backbone.training);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Several_in_one_pass_give_what_each_gives_alone_and_the_same_again(string name)
    {
        using var model = SignalCnn("MI", "CD");
        var (samples, explainer) = (Prepared(model, 3), s_components.Explainers.Create(new ComponentSpec(name)));
        var together = explainer.Explain(model, samples, 3);
        Assert.Equal(together[1].Maps[1].Samples.ToArray(), explainer.Explain(model, samples, 3)[1].Maps[1].Samples.ToArray());
        for (var i = 0; i < 3; i++)
        {
            var alone = explainer.Explain(model, samples[(i * 2400)..((i + 1) * 2400)], 1)[0];
            for (var c = 0; c < 2; c++)
            {
                var scale = Math.Max(1e-3, together[i].Maps[c].Samples.Max(v => Math.Abs(v)));
                Assert.All(together[i].Maps[c].Samples.Zip(alone.Maps[c].Samples),
                    pair => Assert.Equal(pair.First, pair.Second, 2e-3 * scale));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_class_has_the_same_map_whichever_others_are_explained(string name)
    {
        using var model = SignalCnn("MI", "CD", "HYP");
        var explainer = s_components.Explainers.Create(new ComponentSpec(name));
        var samples = Prepared(model, 2);
        var all = explainer.Explain(model, samples, 2);
        Assert.All(explainer.Explain(model, samples, 2, "HYP").Zip(all), pair =>
        {
            Assert.Equal("HYP", Assert.Single(pair.First.Maps).Class);
            Assert.Equal(pair.Second.Maps[2].Samples.Length, pair.First.Maps[0].Samples.Length);
            Assert.All(pair.Second.Maps[2].Samples.Zip(pair.First.Maps[0].Samples), v => Assert.Equal(v.First, v.Second, 1e-5));
        });
    }

    [Fact]
    public void Only_methods_that_see_leads_answer_which_lead()
    {
        using var model = SignalCnn();
        var samples = Prepared(model, 1);
        var withLeads = s_components.Explainers.Names.Where(name =>
            s_components.Explainers.Create(new ComponentSpec(name)).Explain(model, samples, 1)[0].Maps[0].LeadSamples is not null);
        Assert.Equal(
            ["cam-x-gradient", "gradient-x-input", "integrated-gradients", "occlusion", "random", "saliency", "smoothgrad"], withLeads);
    }

    [Fact]
    public void The_random_map_follows_the_seed_the_recording_and_the_class()
    {
        using var model = SignalCnn("MI", "CD");
        var samples = Prepared(model, 2);
        var maps = new RandomExplainer(new RandomOptions { Seed = 5 }).Explain(model, samples, 2);
        Assert.Equal(maps[1].Maps[0].Samples.ToArray(),
            new RandomExplainer(new RandomOptions { Seed = 5 }).Explain(model, samples[2400..], 1)[0].Maps[0].Samples.ToArray());
        Assert.NotEqual(maps[0].Maps[0].Samples.ToArray(), maps[1].Maps[0].Samples.ToArray());
        Assert.NotEqual(maps[0].Maps[0].Samples.ToArray(), maps[0].Maps[1].Samples.ToArray());
        Assert.NotEqual(maps[0].Maps[0].Samples.ToArray(), new RandomExplainer().Explain(model, samples, 2)[0].Maps[0].Samples.ToArray());
    }

    [Fact]
    public void Steps_are_chosen_by_options()
    {
        using var model = SignalCnn();
        var samples = Prepared(model, 1);
        float[] Map(
            string options) => s_components.Explainers.Create(new ComponentSpec("cam", (JsonObject)JsonNode.Parse(options)!))
                .Explain(model, samples, 1)[0].Maps[0].Samples.ToArray();
        var plain = Map("{}");
        Assert.Equal(plain.Select(v => Math.Max(0, v)), Map("""{"postProcessing": ["relu"]}"""));
        Assert.Equal(1, Map("""{"postProcessing": ["symmetric"]}""").Max(Math.Abs), 1e-6);
        Assert.Equal((0f, 1f), (Map("""{"postProcessing": ["min-max"]}""").Min(), Map("""{"postProcessing": ["min-max"]}""").Max()));
        Assert.Equal(50, Map("""{"resampling": "nearest"}""").Distinct().Count());
        Assert.True(Map("""{"kind": "paper", "postProcessing": []}""").Min() < 0);
    }

    private static EcgModel SignalCnn(params string[] classes) => Build("signal-cnn", classes);

    private static EcgModel Build(string architecture, params string[] classes)
    {
        manual_seed(3);
        var manifest = new ModelManifest
        {
            Architecture = architecture == "signal-cnn"
                ? new ComponentSpec(architecture, new JsonObject { ["channels"] = new JsonArray(4, 6, 8) })
                : new ComponentSpec(architecture),
            Head = new ComponentSpec(classes.Length > 1 ? "multilabel" : "binary"),
            Task = "test",
            TaskKind = classes.Length > 1 ? TaskKind.Multilabel : TaskKind.Binary,
            Classes = classes.Length > 0 ? classes : ["abnormal"],
            Leads = SignalLayout.StandardLeads,
            SamplingRate = 100,
            Length = 200,
            Preprocessing = [],
        };
        return new EcgModel(EcgModel.CreateNetwork(manifest, s_components), manifest, s_components, "cpu");
    }

    private static float[] Prepared(EcgModel model, int count) => [.. Enumerable.Range(0, count).SelectMany(i => model.Prepare(
        SyntheticEcg.Generate(new SyntheticOptions { Seconds = 2 }, new EcgRandom((ulong)i)).Signal).Samples.ToArray())];

    private static SignalCamComponents Components()
    {
        var components = new SignalCamComponents();
        components.Architectures.Add<StridedCnnOptions>("strided-cnn", o => new StridedCnnArchitecture(o));
        return components;
    }
}
