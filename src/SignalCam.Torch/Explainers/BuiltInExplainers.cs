using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Torch.Explainers;

/// <summary>The built-in explainers.</summary>
internal static class BuiltInExplainers
{
    /// <summary>Adds the built-in explainers to a registry.</summary>
    /// <exception cref="ArgumentException">A name is taken.</exception>
    public static PluginRegistry<IEcgExplainer> Register(PluginRegistry<IEcgExplainer> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add<CamExplainerOptions>(CamExplainer.ExplainerName, o => new CamExplainer(o))
            .Add<ExplainerOptions>(GradCamExplainer.ExplainerName, o => new GradCamExplainer(o))
            .Add<ExplainerOptions>(HiResCamExplainer.ExplainerName, o => new HiResCamExplainer(o))
            .Add<ExplainerOptions>(GradCamPlusPlusExplainer.ExplainerName, o => new GradCamPlusPlusExplainer(o))
            .Add<ExplainerOptions>(SaliencyExplainer.ExplainerName, o => new SaliencyExplainer(o))
            .Add<ExplainerOptions>(GradientTimesInputExplainer.ExplainerName, o => new GradientTimesInputExplainer(o))
            .Add<ExplainerOptions>(CamTimesGradientExplainer.ExplainerName, o => new CamTimesGradientExplainer(o))
            .Add<SmoothGradOptions>(SmoothGradExplainer.ExplainerName, o => new SmoothGradExplainer(o))
            .Add<IntegratedGradientsOptions>(IntegratedGradientsExplainer.ExplainerName, o => new IntegratedGradientsExplainer(o))
            .Add<OcclusionOptions>(OcclusionExplainer.ExplainerName, o => new OcclusionExplainer(o))
            .Add<RandomOptions>(RandomExplainer.ExplainerName, o => new RandomExplainer(o));
    }
}
