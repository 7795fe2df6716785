using System.Reflection;
using System.Text.RegularExpressions;
using SignalCam.Testing;

namespace Packaging.Tests;

/// <summary>
/// SignalCam.Torch declares TorchSharp [0.106.0, 0.108.0) and is compiled against one of them. What it refers to has to exist in the other,
/// too: a Windows host chooses 0.106.0, because the natives of 0.107.0 do not load there.
/// </summary>
public sealed partial class TorchSharpVersionsTests
{
    [SkippableTheory]
    [InlineData("SignalCam.Torch")]
    [InlineData("SignalCam.Sdk")]
    [InlineData("SignalCam.Distributed")]
    public void Every_member_of_TorchSharp_that_is_used_exists_in_0_106_with_the_same_signature(string assembly)
    {
        var surface = Read(TestData.Shared("torchsharp-api/0.106.txt"));
        var used = TorchSharpReferences.Of(Assembly.Load(assembly)).ToArray();
        var missing = used.Where(use => !surface.TryGetValue(use.Type, out var members) || !members.Contains(use.Member))
            .Select(use => $"{use.Type}: {use.Member}").ToArray();
        Assert.True(missing.Length == 0,
            $"{missing.Length} of {used.Length} are not in TorchSharp "
            + $"0.106.0:{Environment.NewLine}{string.Join(Environment.NewLine, missing)}");
        Assert.True(assembly != "SignalCam.Torch" || used.Length > 100, $"{used.Length} references");
    }

    /// <summary>
    /// Members by type. A line that begins with a blank is a member of the type above it; defaults of parameters are left out.
    /// </summary>
    private static Dictionary<string, HashSet<string>> Read(string path)
    {
        var types = new Dictionary<string, HashSet<string>>();
        HashSet<string> members = [];
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0))
        {
            if (line[0] == ' ')
                members.Add(Dispatch().Replace(Default().Replace(line.Trim(), ""), "$1"));
            else
                types[KindOfType().Replace(line.Split(" : ")[0], "")] = members = [];
        }
        return types;
    }

    [GeneratedRegex(@" = (""[^""]*""|[^,)]+)")]
    private static partial Regex Default();

    [GeneratedRegex("^(protected )?(virtual|override|abstract) ")]
    private static partial Regex Dispatch();

    [GeneratedRegex("^((static|abstract|sealed|readonly) )*(class|struct|interface|enum|delegate) ")]
    private static partial Regex KindOfType();
}
