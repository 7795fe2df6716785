using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Architecture.Tests;

/// <summary>
/// Which types the types of an assembly use, as its metadata and IL say: bases, interfaces, constraints, attributes, fields, signatures,
/// local variables, and every operand of every instruction. A constant of another type leaves no trace in IL, and is not seen.
/// </summary>
internal sealed class AssemblyTypes : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;
    private readonly string _name;
    private readonly UsedTypes _usedTypes;

    private AssemblyTypes(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
        _name = _reader.GetString(_reader.GetAssemblyDefinition().Name);
        _usedTypes = new UsedTypes(_reader, _name);
    }

    /// <summary>All uses in an assembly, those of the assembly's own types included.</summary>
    public static IReadOnlyList<TypeUse> UsesIn(string path)
    {
        using var assembly = new AssemblyTypes(path);
        return [.. assembly._reader.TypeDefinitions.SelectMany(assembly.UsesOf)];
    }

    public void Dispose() => _file.Dispose();

    private IEnumerable<TypeUse> UsesOf(TypeDefinitionHandle handle)
    {
        var user = _usedTypes.Of(handle);
        var type = _reader.GetTypeDefinition(handle);
        return TypesOf(type).Select(used => (Member: "", Used: used))
            .Concat(type.GetFields().SelectMany(FieldUses))
            .Concat(type.GetMethods().SelectMany(MethodUses))
            .Select(use => new TypeUse(
                user.Namespace, $"{user.Namespace}.{user.Name}{use.Member}", use.Used.Assembly, use.Used.Namespace, use.Used.Name))
            .Distinct();
    }

    private IEnumerable<UsedType> TypesOf(TypeDefinition type) =>
        _usedTypes.OfAny(type.BaseType)
            .Concat(type.GetInterfaceImplementations().SelectMany(i => _usedTypes.OfAny(_reader.GetInterfaceImplementation(i).Interface)))
            .Concat(Constraints(type.GetGenericParameters()))
            .Concat(Attributes(type.GetCustomAttributes()));

    private IEnumerable<(string Member, UsedType Used)> FieldUses(FieldDefinitionHandle handle)
    {
        var field = _reader.GetFieldDefinition(handle);
        var member = "." + _reader.GetString(field.Name);
        return field.DecodeSignature(_usedTypes, null).Concat(Attributes(field.GetCustomAttributes())).Select(used => (member, used));
    }

    private IEnumerable<(string Member, UsedType Used)> MethodUses(MethodDefinitionHandle handle)
    {
        var method = _reader.GetMethodDefinition(handle);
        var member = "." + _reader.GetString(method.Name);
        return UsedTypes.All(method.DecodeSignature(_usedTypes, null))
            .Concat(Constraints(method.GetGenericParameters()))
            .Concat(Attributes(method.GetCustomAttributes()))
            .Concat(BodyTypes(method))
            .Select(used => (member, used));
    }

    private IEnumerable<UsedType> BodyTypes(MethodDefinition method)
    {
        if (method.RelativeVirtualAddress == 0)
            return [];
        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        var locals = body.LocalSignature.IsNil
            ? []
            : _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_usedTypes, null).SelectMany(t => t);
        var caught = body.ExceptionRegions.SelectMany(region => _usedTypes.OfAny(region.CatchType));
        return locals.Concat(caught)
            .Concat(Instructions.TokensOf(body.GetILBytes()!).SelectMany(token => _usedTypes.OfAny(MetadataTokens.EntityHandle(token))));
    }

    private IEnumerable<UsedType> Constraints(GenericParameterHandleCollection parameters) =>
        parameters.SelectMany(p => _reader.GetGenericParameter(p).GetConstraints())
            .SelectMany(c => _usedTypes.OfAny(_reader.GetGenericParameterConstraint(c).Type));

    private IEnumerable<UsedType> Attributes(CustomAttributeHandleCollection attributes) =>
        attributes.SelectMany(a => _usedTypes.OfAny(_reader.GetCustomAttribute(a).Constructor));
}
