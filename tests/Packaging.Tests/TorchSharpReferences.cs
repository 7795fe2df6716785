using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace Packaging.Tests;

/// <summary>
/// The members of TorchSharp that an assembly refers to, in the form of a listing of TorchSharp's surface: parameter defaults left out.
/// </summary>
internal static class TorchSharpReferences
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint",
        [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    /// <summary>Each as type and member.</summary>
    public static IEnumerable<(string Type, string Member)> Of(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var found = new HashSet<(string, string)>();
        foreach (var handle in metadata.MemberReferences)
        {
            if (!IsOfTorchSharp(metadata, metadata.GetMemberReference(handle).Parent))
                continue;
            var member = assembly.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle))!;
            if (member.DeclaringType!.IsConstructedGenericType)
                member = member.Module.ResolveMember(member.MetadataToken)!;
            found.Add((TypeName(member.DeclaringType!), Signature(member)));
        }
        return found;
    }

    private static bool IsOfTorchSharp(MetadataReader metadata, EntityHandle type)
    {
        if (type.Kind == HandleKind.TypeSpecification)
        {
            var blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
            if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                return false;
            // Class or value type; then the generic type itself.
            blob.ReadCompressedInteger();
            type = blob.ReadTypeHandle();
        }
        while (type.Kind == HandleKind.TypeReference)
            type = metadata.GetTypeReference((TypeReferenceHandle)type).ResolutionScope;
        return type.Kind == HandleKind.AssemblyReference
            && metadata.StringComparer.Equals(metadata.GetAssemblyReference((AssemblyReferenceHandle)type).Name, "TorchSharp");
    }

    private static string Signature(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"{Protected(constructor)}.ctor({Parameters(constructor.GetParameters(), false)})",
        FieldInfo field => $"{(field.IsPublic ? "" : "protected ")}{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}"
            + $"{Name(field.FieldType)} {field.Name}",
        MethodInfo { IsSpecialName: true } accessor when PropertyOf(accessor) is { } property => Property(property),
        MethodInfo { IsGenericMethod: true } method => Method(method.GetGenericMethodDefinition()),
        MethodInfo method => Method(method),
        _ => throw new NotSupportedException($"{member.MemberType} {member}"),
    };

    private static PropertyInfo? PropertyOf(MethodInfo accessor) => accessor.DeclaringType!
        .GetProperties(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .FirstOrDefault(property => property.GetAccessors(true).Contains(accessor));

    private static string TypeName(Type type) => Name(type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Protected(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Property(PropertyInfo property)
    {
        var first = property.GetAccessors(true).First(IsVisible);
        var accessors = string.Concat(new[] { ("get", property.GetMethod), ("set", property.SetMethod) }
            .Where(accessor => accessor.Item2 is not null && IsVisible(accessor.Item2)).Select(accessor => $"{accessor.Item1}; "));
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{Parameters(index, false)}]";
        return $"{Protected(first)}{(property.DeclaringType!.IsInterface ? "" : Modifiers(first))}{Name(property.PropertyType)} {name} {{ "
            + $"{accessors}}}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        var extension = method.IsDefined(typeof(ExtensionAttribute), false);
        return $"{Protected(method)}{Modifiers(method)}{Name(method.ReturnType)} "
            + $"{method.Name}{generic}({Parameters(method.GetParameters(), extension)})";
    }

    // Callers see no difference between virtual and other members.
    private static string Modifiers(MethodInfo method) =>
        method.IsStatic ? "static " : "";

    private static string Parameters(ParameterInfo[] parameters, bool extension) =>
        string.Join(", ", parameters.Select((parameter, place) => (extension && place == 0 ? "this " : "") + Parameter(parameter)));

    private static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var passing = parameter.IsDefined(typeof(ParamArrayAttribute), false)
            ? "params "
            : parameter.IsOut ? "out " : type.IsByRef ? "ref " : "";
        return $"{passing}{Name(type.IsByRef ? type.GetElementType()! : type)} {parameter.Name}";
    }

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Name(underlying)}?";
        var chain = new List<string>();
        for (var part = type; part is not null; part = part.DeclaringType)
            chain.Insert(0, part.Name.Split('`')[0]);
        var arguments = type.GetGenericArguments();
        var generic = arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Name))}>";
        return $"{type.Namespace}.{string.Join('.', chain)}{generic}";
    }
}
