using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Files;

public sealed class FolderWalkTests
{
    [Fact]
    public void Files_come_folder_by_folder_in_the_order_of_their_names()
    {
        using var folder = TestData.Folder();
        Write(folder, "b.hea", "a.hea", "a.dat", "z/1.hea", "B/2.hea", "B/deep/3.hea");
        Assert.Equal(["a.hea", "b.hea", "B/2.hea", "B/deep/3.hea", "z/1.hea"], FolderWalk.Files(folder.Path, "*.hea"));
    }

    [SkippableFact]
    public void Links_to_folders_are_followed_and_loops_are_walked_once()
    {
        Skip.If(OperatingSystem.IsWindows(), "links take a privilege on Windows");
        using var folder = TestData.Folder();
        Write(folder, "data/1.hea", "data/ward/2.hea", "elsewhere/3.hea", "elsewhere/deep/4.hea");
        // Up, down, to itself, round about by way of the other folder, and twice to the same one.
        Link(folder, "data/up", "..");
        Link(folder, "data/down", "ward");
        Link(folder, "data/ward/here", ".");
        Link(folder, "data/x", "../elsewhere/deep/..");
        Link(folder, "data/y", "../elsewhere");
        Link(folder, "elsewhere/back", "../data");
        Link(folder, "elsewhere/deep/nowhere", "gone");
        File.CreateSymbolicLink(folder["data/loop"], "loop");

        var found = FolderWalk.Files(folder["data"], "*.hea").ToList();

        // The folder above comes in by the first link, but for the part that is walked anyway.
        Assert.Equal(["1.hea", "up/elsewhere/3.hea", "up/elsewhere/deep/4.hea", "ward/2.hea"], found);
        Assert.All(found, file => Assert.True(File.Exists(folder["data/" + file])));
    }

    [SkippableFact]
    public void A_link_into_a_folder_that_another_link_led_to_is_left_out_whichever_comes_first()
    {
        Skip.If(OperatingSystem.IsWindows(), "links take a privilege on Windows");
        using var folder = TestData.Folder();
        Write(folder, "data/1.hea", "archive/2.hea", "archive/ward/3.hea");
        Link(folder, "data/a", "../archive/ward");
        Link(folder, "data/b", "../archive");
        Assert.Equal(["1.hea", "a/3.hea", "b/2.hea"], FolderWalk.Files(folder["data"], "*.hea"));
        // By way of a link to the folder itself, too.
        Link(folder, "root", "data");
        Assert.Equal(["1.hea", "a/3.hea", "b/2.hea"], FolderWalk.Files(folder["root"], "*.hea"));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        using var folder = TestData.Folder();
        Assert.Equal(folder["none"], Assert.Throws<EcgFormatException>(() => FolderWalk.Files(folder["none"], "*").Count()).File);
    }

    [SkippableFact]
    public void A_real_path_has_no_links()
    {
        Skip.If(OperatingSystem.IsWindows(), "links take a privilege on Windows");
        using var folder = TestData.Folder();
        var home = RealPath.Of(folder.Path);
        Write(folder, "a/b/file");
        Link(folder, "l", "a/b");
        Link(folder, "m", folder["l"]);
        Assert.Equal(Path.Combine(home, "a", "b", "file"), RealPath.Of(folder["m/file"]));
        // What a link leads to has a parent of its own.
        Link(folder, "a/up", "../l/..");
        Assert.Equal(Path.Combine(home, "a", "gone"), RealPath.Of(folder["a/up/gone"]));
        File.CreateSymbolicLink(folder["round"], "round");
        Assert.Throws<FileRefusedException>(() => RealPath.Of(folder["round/x"]));
        Assert.True(RealPath.IsWithin("/a/b", "/a/b/c") && RealPath.IsWithin("/a/b", "/a/b") && !RealPath.IsWithin("/a/b", "/a/bc"));
    }

    private static void Write(TemporaryFolder folder, params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[file])!);
            File.WriteAllText(folder[file], file);
        }
    }

    private static void Link(TemporaryFolder folder, string link, string target) => Directory.CreateSymbolicLink(folder[link], target);
}
