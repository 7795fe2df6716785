using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VerifyXunit;

/// <summary>
/// Compares a target with the accepted text in <c>Class.Method.verified.txt</c> beside the test's source file, whose name is taken
/// to be the class's. Has the call and the files of Verify.Xunit, so that the package can take its place.
/// Nothing is accepted automatically: a missing accepted file fails the test.
/// </summary>
public static class Verifier
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    /// <summary>Compares a text, as it is, with a file of this extension.</summary>
    public static SettingsTask Verify(
        string? target, string extension = "txt", [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
            new(() => CompareAsync(target ?? "null", extension, sourceFile, method));

    /// <summary>Compares an object, written as Verify writes it: indented JSON without quotes, nulls and empty lists left out.</summary>
    public static SettingsTask Verify(object? target, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
        Verify(target as string ?? Write(JsonSerializer.SerializeToNode(target, s_json), ""), "txt", sourceFile, method);

    private static async Task CompareAsync(string target, string extension, string sourceFile, string method)
    {
        var stem = Path.Combine(FolderOf(sourceFile), $"{Path.GetFileNameWithoutExtension(sourceFile)}.{method}");
        var verifiedFile = $"{stem}.verified.{extension}";
        var receivedFile = $"{stem}.received.{extension}";
        var received = Normalize(target);
        var verified = File.Exists(verifiedFile) ? Normalize(await File.ReadAllTextAsync(verifiedFile)) : null;
        if (received == verified)
        {
            File.Delete(receivedFile);
            return;
        }
        await File.WriteAllTextAsync(receivedFile, received);
        throw new VerifyException($"""
            {Path.GetFileName(verifiedFile)} {(verified is null ? "is not there yet" : "differs")}
            {(verified is null ? "" : FirstDifference(verified, received))}
            If the received text is right, accept it: mv '{receivedFile}' '{verifiedFile}'
            """);
    }

    /// <summary>Verify ignores the kind of line ending and the one at the end of the file.</summary>
    private static string Normalize(string text)
    {
        text = text.TrimStart('\uFEFF').ReplaceLineEndings("\n");
        return text.EndsWith('\n') ? text[..^1] : text;
    }

    /// <summary>The first line that differs with the one before it, from both files; long lines cut to where the difference is.</summary>
    private static string FirstDifference(string verified, string received)
    {
        var (left, right) = (verified.Split('\n'), received.Split('\n'));
        var line = left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
        var (was, now) = (left.ElementAtOrDefault(line), right.ElementAtOrDefault(line));
        var column = (was ?? "").Zip(now ?? "").TakeWhile(pair => pair.First == pair.Second).Count();
        return $"""
            line {line + 1}, column {column + 1} ({left.Length} lines accepted, {right.Length} received)
            {(line > 0 ? $"  {Excerpt(left[line - 1], 0)}" : "")}
            - {Excerpt(was, column)}
            + {Excerpt(now, column)}
            """;
    }

    private static string Excerpt(string? line, int column)
    {
        if (line is null)
            return "(end of text)";
        var start = Math.Max(0, column - 60);
        return (start > 0 ? "..." : "") + line[start..Math.Min(line.Length, start + 160)];
    }

    /// <summary>Builds with CI=true map source paths to /_/, so the folder is looked for above the test's binaries.</summary>
    private static string FolderOf(string sourceFile)
    {
        var folder = Path.GetDirectoryName(sourceFile) ?? "";
        if (Directory.Exists(folder))
            return folder;
        var relative = folder.Replace('\\', '/').TrimStart('/').TrimStart('_').TrimStart('/');
        for (var root = new DirectoryInfo(AppContext.BaseDirectory); root is not null; root = root.Parent)
            if (Directory.Exists(Path.Combine(root.FullName, relative)))
                return Path.Combine(root.FullName, relative);
        throw new DirectoryNotFoundException($"the folder of the test's source is not here: {sourceFile}");
    }

    private static string Write(JsonNode? node, string indent)
    {
        var inner = indent + "  ";
        return node switch
        {
            JsonObject members =>
                Block('{', members.Where(m => !IsEmpty(m.Value)).Select(m => $"{inner}{m.Key}: {Write(m.Value, inner)}"), '}', indent),
            JsonArray items => Block('[', items.Select(item => inner + Write(item, inner)), ']', indent),
            null => "null",
            _ => node.ToString(),
        };
    }

    private static bool IsEmpty(JsonNode? node) => node is null or JsonArray { Count: 0 };

    private static string Block(char open, IEnumerable<string> lines, char close, string indent)
    {
        var text = new StringBuilder().AppendJoin(",\n", lines);
        return text.Length == 0 ? $"{open}{close}" : $"{open}\n{text}\n{indent}{close}";
    }
}

/// <summary>A comparison that runs when it is awaited.</summary>
public sealed class SettingsTask(Func<Task> compare)
{
    private Task? _task;

    /// <summary>The comparison, started once.</summary>
    public Task ToTask() => _task ??= compare();

    /// <summary>Runs the comparison.</summary>
    public TaskAwaiter GetAwaiter() => ToTask().GetAwaiter();

    /// <summary>For tests that return a <see cref="Task"/>.</summary>
    public static implicit operator Task(SettingsTask task) => task.ToTask();
}

/// <summary>The target is not what was accepted.</summary>
public sealed class VerifyException(string message) : Exception(message);
