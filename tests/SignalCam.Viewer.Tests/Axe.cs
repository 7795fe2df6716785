using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SignalCam.Viewer.Tests;

/// <summary>Every rule of axe-core, those of WCAG 2.2 and its best practices alike.</summary>
internal static class Axe
{
    /// <summary>What is wrong on a page, a line for each element; fails where no rule was applied to anything.</summary>
    public static async Task<string[]> ViolationsAsync(IPage page)
    {
        // A colour on its way to another is neither.
        await page.EvaluateAsync("() => Promise.all(document.getAnimations().map(a => a.finished.catch(() => {})))");
        var found = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations, ResultType.Passes] });
        Assert.NotEmpty(found.Passes);
        return
        [
            .. found.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {rule.Help}: {node.Html}: {Why(node)}")),
        ];
    }

    private static string Why(AxeResultNode node) =>
        string.Join("; ", node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message));
}
