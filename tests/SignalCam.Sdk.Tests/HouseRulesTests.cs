using System.Reflection;
using SignalCam.Testing;
using TorchSharp;

namespace SignalCam.Sdk.Tests;

/// <summary>Who may know whom, and where things live.</summary>
public sealed class HouseRulesTests
{
    private static readonly string[] s_rooms =
        ["SignalCam.Abstractions", "SignalCam.Core", "SignalCam.Formats", "SignalCam.Reporting", "SignalCam.Torch", "SignalCam.Sdk", "SignalCam.Distributed"];

    public static TheoryData<string> Rooms => [.. s_rooms];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_below_it(string room)
    {
        var below = s_rooms.TakeWhile(r => r != room);
        var known = Assembly.Load(room).GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("SignalCam", StringComparison.Ordinal));
        Assert.Empty(known.Except(below));
    }

    [Fact]
    public void Abstractions_depend_on_nothing_but_the_framework() =>
        Assert.All(Assembly.Load(s_rooms[0]).GetReferencedAssemblies(), a => Assert.StartsWith("System.", a.Name, StringComparison.Ordinal));

    [Fact]
    public void Core_is_managed_and_knows_no_torch() =>
        Assert.DoesNotContain(Assembly.Load("SignalCam.Core").GetReferencedAssemblies(), a => a.Name == typeof(torch).Assembly.GetName().Name);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Public_methods_outside_the_torch_room_take_and_give_no_tensors(string room)
    {
        if (room == "SignalCam.Torch")
            return;
        var torchTypes = typeof(torch).Assembly;
        var offenders = from type in Assembly.Load(room).GetExportedTypes()
                        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                        where method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType).Any(t => t.Assembly == torchTypes)
                        select $"{type}.{method.Name}";
        Assert.Empty(offenders);
    }

    [SkippableTheory]
    [MemberData(nameof(Rooms))]
    public void A_namespace_is_its_folder(string room)
    {
        var folder = Path.Combine(TestData.Root, "src", room);
        var wrong = from file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
                    let relative = Path.GetRelativePath(Path.Combine(TestData.Root, "src"), Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.')
                    let line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal))
                    where line is not null && line != $"namespace {relative};" && line != "namespace Microsoft.Extensions.DependencyInjection;"
                    select $"{file}: {line}";
        Assert.Empty(wrong);
    }
}
