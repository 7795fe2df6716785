using SignalCam.Testing;
using TorchSharp;

namespace SignalCam.Offline.Torch;

/// <summary>
/// Code that compiles against this assembly has to compile against TorchSharp 0.106.0. If this fails, a member here has another
/// name, parameter, default or return type than there, or does not exist there at all.
/// </summary>
public class SignatureTests
{
    [SkippableFact]
    public void Every_public_member_has_TorchSharps_signature()
    {
        var original = Read(TestData.Shared("torchsharp-api/0.106.txt"));
        var ours = Signatures.Of(typeof(torch).Assembly);
        Assert.True(ours.Sum(type => type.Value.Count) > 500);

        var strangers = new List<string>();
        foreach (var (type, members) in ours)
        {
            if (!original.TryGetValue(type, out var expected))
                strangers.Add(type);
            else
                strangers.AddRange(members.Where(member => !expected.Contains(member)).Select(member => $"{type}: {member}"));
        }
        Assert.True(strangers.Count == 0, $"{strangers.Count} not in TorchSharp 0.106.0:{Environment.NewLine}{string.Join(Environment.NewLine, strangers)}");
    }

    private static Dictionary<string, HashSet<string>> Read(string path)
    {
        var types = new Dictionary<string, HashSet<string>>();
        HashSet<string> members = [];
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0))
        {
            if (line[0] == ' ')
                members.Add(line.Trim());
            else
                types[line.Split(" : ")[0]] = members = [];
        }
        return types;
    }
}
