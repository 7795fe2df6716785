using System.Reflection;
using TorchSharp;

namespace Architecture.Tests;

/// <summary>Who may know whom, and where things live.</summary>
public sealed class HouseRulesTests
{
    public static TheoryData<string> All => [.. Rooms.Below.Keys];

    [Fact]
    public void Every_project_under_src_is_a_room()
    {
        var projects = Directory.GetFiles(Path.Combine(TestData.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(Rooms.Below.Keys.Select(Rooms.FolderOf).Order(StringComparer.Ordinal), projects.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_room_uses_types_of_the_rooms_below_it_alone(string room)
    {
        var wrong = AssemblyTypes.UsesIn(Rooms.PathOf(room))
            .Where(use => use.Assembly != room && Rooms.Below.ContainsKey(use.Assembly) && !Rooms.Below[room].Contains(use.Assembly));
        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_two_folders_of_a_room_need_each_other(string room)
    {
        var uses = AssemblyTypes.UsesIn(Rooms.PathOf(room));
        // Where the room's own folder only puts the others together and holds what they share, it is no folder beside them.
        var cycles = new NamespaceGraph(room, uses, except: Rooms.ComposedAtTheRoot.Contains(room) ? [Rooms.FolderOf(room)] : []).Cycles();
        Assert.True(cycles.Count == 0, string.Join('\n', cycles));
    }

    [Fact]
    public void Uses_are_found_in_signatures_and_bodies()
    {
        var here = typeof(HouseRulesTests).Assembly.GetName().Name!;
        var uses = AssemblyTypes.UsesIn(typeof(HouseRulesTests).Assembly.Location).Where(use => use.Assembly == here).ToArray();
        // A field and a signature, a call in a body, and a call within a lambda's body.
        Assert.Contains(uses, use => (use.From, use.To, use.Used) == ("Architecture.Tests.First", "Architecture.Tests.Second", "Held"));
        Assert.Contains(uses, use => (use.From, use.To, use.Used) == ("Architecture.Tests.Second", "Architecture.Tests.Third", "Called"));
        Assert.Contains(uses, use => (use.From, use.To, use.Used) == ("Architecture.Tests.Third", "Architecture.Tests.First", "Holder"));
    }

    [Fact]
    public void Abstractions_depend_on_nothing_but_the_framework() =>
        Assert.All(Assembly.Load("SignalCam.Abstractions").GetReferencedAssemblies(),
            a => Assert.StartsWith("System.", a.Name, StringComparison.Ordinal));

    [Fact]
    public void No_managed_room_knows_torch()
    {
        var torchSharp = typeof(torch).Assembly.GetName().Name;
        foreach (var room in new[] { "SignalCam.Core", "SignalCam.Formats", "SignalCam.Reporting" })
            Assert.DoesNotContain(Assembly.Load(room).GetReferencedAssemblies(), a => a.Name == torchSharp);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Public_methods_outside_the_torch_room_take_and_give_no_tensors(string room)
    {
        if (room == "SignalCam.Torch")
            return;
        var torchTypes = typeof(torch).Assembly;
        var offenders = from type in Assembly.Load(room).GetExportedTypes()
                        from method in type.GetMethods(
                            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                        where method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType)
                            .Any(t => t.Assembly == torchTypes)
                        select $"{type}.{method.Name}";
        Assert.Empty(offenders);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_namespace_is_its_folder(string room)
    {
        var source = Path.Combine(TestData.Root, "src");
        var wrong = from file in Directory.GetFiles(Path.Combine(source, Rooms.FolderOf(room)), "*.cs", SearchOption.AllDirectories)
                    let relative = Path.GetRelativePath(source, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.')
                    let line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal))
                    where line is not null && line != $"namespace {relative};"
                        && line != "namespace Microsoft.Extensions.DependencyInjection;"
                    select $"{file}: {line}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Json_options_are_made_in_one_place()
    {
        // Elsewhere only copies are made, which say what they differ in: docs/decisions/0016-two-forms-of-json.md.
        string[] makes =
        [
            "JsonSerializerDefaults", "JsonSourceGenerationOptions", "PropertyNamingPolicy =", "new JsonSerializerOptions()",
            "new JsonSerializerOptions {", "JsonSerializerOptions.Web", "JsonSerializerOptions.Default", "JsonSerializerOptions.Strict",
        ];
        var source = Path.Combine(TestData.Root, "src");
        var wrong = from file in Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
                    where Path.GetFileName(file) != "JsonForms.cs"
                    let text = File.ReadAllText(file)
                    from make in makes
                    where text.Contains(make, StringComparison.Ordinal)
                    select $"{Path.GetRelativePath(source, file)}: {make}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_line_is_longer_than_the_editor_configuration_allows()
    {
        // The build refuses long lines of code (RCS0056), but passes over comments and raw strings.
        const string Setting = "roslynator_max_line_length = ";
        var most = int.Parse(
            File.ReadLines(Path.Combine(TestData.Root, ".editorconfig")).Single(line => line.StartsWith(Setting, StringComparison.Ordinal))
                [Setting.Length..],
            System.Globalization.CultureInfo.InvariantCulture);
        string[] folders = ["build", "samples", "src", "templates", "tests"];
        var wrong = from folder in folders
                    from file in Directory.GetFiles(Path.Combine(TestData.Root, folder), "*.cs", SearchOption.AllDirectories)
                    from line in File.ReadLines(file).Index()
                    where line.Item.Length > most
                    select $"{Path.GetRelativePath(TestData.Root, file)}:{line.Index + 1}: {line.Item.Length} characters, at most {most}";
        // Assert.Empty cuts its items short, and with them the line's number.
        Assert.Equal("", string.Join('\n', wrong));
    }
}
