using System.Diagnostics.CodeAnalysis;
using SignalCam.Abstractions;

namespace SignalCam.Core.Datasets;

/// <summary>Validates options other than plug-in options against their DataAnnotations.</summary>
internal static class CheckedOptions
{
    /// <summary>Returns what is allowed.</summary>
    /// <exception cref="PluginException">A value is not allowed; the message names the option, its value and what is allowed.</exception>
    public static T Require<[DynamicallyAccessedMembers(PluginOptions.Members)] T>(T options)
        where T : class =>
        PluginOptions.FindProblems(options) is { Count: > 0 } problems
            ? throw new PluginException($"{typeof(T).Name} do not fit: {string.Join(" ", problems)}")
            : options;
}
