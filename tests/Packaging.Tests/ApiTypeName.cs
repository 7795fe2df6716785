using System.Reflection;

namespace Packaging.Tests;

/// <summary>Names types as C# writes them, without namespaces.</summary>
internal static class ApiTypeName
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float",
        [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    /// <summary>The name alone.</summary>
    public static string Of(Type type) => Write(type, null);

    /// <summary>The name with a question mark wherever null is allowed.</summary>
    public static string Of(NullabilityInfo info) => Write(info.Type, info);

    private static string Write(Type type, NullabilityInfo? info)
    {
        if (type.IsByRef)
            return Write(type.GetElementType()!, info?.ElementType);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Write(underlying, null)}?";
        // What is read decides, but for a parameter that is only written.
        var mayBeNull = !type.IsValueType && info is not null
            && (info.ReadState == NullabilityState.Unknown ? info.WriteState : info.ReadState) == NullabilityState.Nullable;
        return Plain(type, info) + (mayBeNull ? "?" : "");
    }

    private static string Plain(Type type, NullabilityInfo? info)
    {
        if (s_keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsPointer)
            return $"{Write(type.GetElementType()!, null)}*";
        if (type.IsArray)
            return $"{Write(type.GetElementType()!, info?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]";
        var arguments = type.GetGenericArguments();
        var names = arguments.Select((argument, i) => Write(argument, info?.GenericTypeArguments.ElementAtOrDefault(i))).ToList();
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true)
            return $"({string.Join(", ", names)})";
        var name = type.Name.Split('`')[0];
        for (var outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
            name = $"{outer.Name.Split('`')[0]}.{name}";
        return names.Count == 0 ? name : $"{name}<{string.Join(", ", names)}>";
    }
}
