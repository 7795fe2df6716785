using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Packaging.Tests;

/// <summary>
/// Writes what an assembly offers to others: every public and protected member, one a line, sorted, much as it is declared. What the
/// compiler adds to records is left out, since the word `record` says it.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var space in assembly.GetExportedTypes().GroupBy(type => type.Namespace!)
            .OrderBy(space => space.Key, StringComparer.Ordinal))
        {
            text.Append("namespace ").Append(space.Key).Append("\n\n");
            foreach (var type in space.OrderBy(ApiTypeName.Of, StringComparer.Ordinal))
            {
                text.Append(Header(type)).Append('\n');
                foreach (var member in IsDelegate(type) ? [] : Members(type))
                    text.Append("    ").Append(member).Append('\n');
                text.Append('\n');
            }
        }
        return text.ToString().TrimEnd('\n');
    }

    private static bool IsDelegate(Type type) => typeof(Delegate).IsAssignableFrom(type);

    private static string Header(Type type)
    {
        if (IsDelegate(type))
            return $"delegate {Signature(type.GetMethod("Invoke")!, ApiTypeName.Of(type))}{Constraints(type.GetGenericArguments())}";
        var isRecord = type.GetMethod("<Clone>$") is not null || type.GetMethod("PrintMembers", Declared) is not null;
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface"
            : type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (isRecord ? "record struct" : "struct")
            : (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")
                + (isRecord ? "record" : "class");
        var bases = Bases(type, isRecord).ToList();
        return $"{kind} {ApiTypeName.Of(type)}{(bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}")}"
            + $"{Constraints(type.GetGenericArguments())}";
    }

    /// <summary>The base class and the interfaces that the declaration names: not those that come with another.</summary>
    private static IEnumerable<string> Bases(Type type, bool isRecord)
    {
        if (type.IsEnum)
            return Enum.GetUnderlyingType(type) == typeof(int) ? [] : [ApiTypeName.Of(Enum.GetUnderlyingType(type))];
        var parent = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? b : null;
        var inherited = (parent?.GetInterfaces() ?? []).Concat(type.GetInterfaces().SelectMany(i => i.GetInterfaces())).ToHashSet();
        var own = type.GetInterfaces()
            .Where(i => i.IsVisible && !inherited.Contains(i) && !(isRecord && i == typeof(IEquatable<>).MakeGenericType(type)));
        return (parent is null ? [] : new[] { ApiTypeName.Of(parent) }).Concat(own.Select(ApiTypeName.Of).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(f => $"{f.Name} = {Convert.ToInt64(f.GetRawConstantValue(), CultureInfo.InvariantCulture)}");
        var constructors = type.GetConstructors(Declared).Where(c => !c.IsStatic && IsOffered(c))
            .Select(c => $"{Access(c)}{type.Name.Split('`')[0]}({Parameters(c)})");
        var fields = type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Select(Field);
        var properties = type.GetProperties(Declared)
            .Where(p => p.GetAccessors(true).Any(IsOfferedAccessor) && p.Name != "EqualityContract").Select(Property);
        var events = type.GetEvents(Declared).Where(e => IsOfferedAccessor(e.AddMethod!))
            .Select(e => $"{Access(e.AddMethod!)}event {ApiTypeName.Of(new NullabilityInfoContext().Create(e))} {e.Name}");
        var methods = type.GetMethods(Declared)
            .Where(m => IsOffered(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))).Select(Method);
        return new[] { constructors, fields, properties, events, methods }.SelectMany(part => part.Order(StringComparer.Ordinal));
    }

    private static bool IsOffered(MethodBase method) =>
        IsOfferedAccessor(method) && !method.IsDefined(typeof(CompilerGeneratedAttribute), false)
        && !method.Name.Contains('<', StringComparison.Ordinal);

    private static bool IsOfferedAccessor(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Field(FieldInfo field)
    {
        var modifiers = (field.IsPublic ? "" : "protected ")
            + (field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : ""));
        var value = field.IsLiteral ? $" = {Value(field.GetRawConstantValue(), field.FieldType)}" : "";
        return $"{modifiers}{ApiTypeName.Of(new NullabilityInfoContext().Create(field))} {field.Name}{value}";
    }

    private static string Property(PropertyInfo property)
    {
        var first = property.GetAccessors(true).First(IsOfferedAccessor);
        var accessors = new List<string>();
        if (property.GetMethod is { } get && IsOfferedAccessor(get))
            accessors.Add("get;");
        if (property.SetMethod is { } set && IsOfferedAccessor(set))
            accessors.Add((set.IsFamily && first.IsPublic ? "protected " : "")
                + (set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;"));
        var required = property.IsDefined(typeof(RequiredMemberAttribute), false) ? "required " : "";
        var name = property.GetIndexParameters().Length == 0
            ? property.Name
            : $"this[{string.Join(", ", property.GetIndexParameters().Select(Parameter))}]";
        return $"{Access(first)}{required}{Modifiers(first)}{ApiTypeName.Of(new NullabilityInfoContext().Create(property))} {name} {{ "
            + $"{string.Join(' ', accessors)} }}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        return $"{Access(method)}{Modifiers(method)}{Signature(method, method.Name + generic)}"
            + $"{Constraints(method.IsGenericMethodDefinition ? method.GetGenericArguments() : [])}";
    }

    private static string Signature(MethodInfo method, string name) =>
        $"{ApiTypeName.Of(new NullabilityInfoContext().Create(method.ReturnParameter))} {name}({Parameters(method)})";

    private static string Modifiers(MethodInfo method) =>
        method.DeclaringType!.IsInterface ? (method.IsStatic ? "static " : "") + (method.IsAbstract ? "" : "default ")
        : method.IsStatic ? "static "
        : method.IsAbstract ? "abstract "
        : method.GetBaseDefinition() != method ? "override "
        : method.IsVirtual && !method.IsFinal ? "virtual " : "";

    private static string Parameters(MethodBase method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "";
        return extension + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var passing = parameter.IsDefined(typeof(ParamArrayAttribute), false)
            || parameter.IsDefined(typeof(ParamCollectionAttribute), false) ? "params "
            : !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        var value = parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue, parameter.ParameterType)}" : "";
        return $"{passing}{ApiTypeName.Of(new NullabilityInfoContext().Create(parameter))} {parameter.Name}{value}";
    }

    private static string Value(object? value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null or DBNull => type.IsValueType && Nullable.GetUnderlyingType(type) is null && !type.IsGenericParameter && !type.IsPrimitive
                && !type.IsEnum ? "default" : "null",
            string text => $"\"{text}\"",
            bool truth => truth ? "true" : "false",
            _ when type.IsEnum => $"{ApiTypeName.Of(type)}.{Enum.ToObject(type, value)}",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    private static string Constraints(Type[] arguments) => string.Concat(arguments.Select(argument =>
    {
        var flags = argument.IsGenericParameter ? argument.GenericParameterAttributes : 0;
        var isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        var parts = new List<string>();
        if (isStruct)
            parts.Add("struct");
        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            parts.Add("class");
        if (argument.IsGenericParameter)
            parts.AddRange(argument.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(ApiTypeName.Of));
        if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
            parts.Add("new()");
        return parts.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", parts)}";
    }));
}
