using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Architecture.Tests;

/// <summary>A type by where it is declared; a nested one counts as the type that it is in.</summary>
internal sealed record UsedType(string Assembly, string Namespace, string Name);

/// <summary>
/// The types that a token, a signature or a specification names, those within arrays, pointers and generic arguments included.
/// </summary>
internal sealed class UsedTypes(MetadataReader reader, string assembly) : ISignatureTypeProvider<ImmutableArray<UsedType>, object?>
{
    /// <summary>A type that the assembly declares.</summary>
    public UsedType Of(TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
            type = reader.GetTypeDefinition(type.GetDeclaringType());
        return new UsedType(assembly, reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    /// <summary>Of whatever an instruction, a base or an attribute refers to.</summary>
    public ImmutableArray<UsedType> OfAny(EntityHandle handle) => handle.IsNil ? [] : handle.Kind switch
    {
        HandleKind.TypeDefinition => [Of((TypeDefinitionHandle)handle)],
        HandleKind.TypeReference => [Of((TypeReferenceHandle)handle)],
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
        HandleKind.MethodDefinition => OfMethod(reader.GetMethodDefinition((MethodDefinitionHandle)handle)),
        HandleKind.FieldDefinition => OfField(reader.GetFieldDefinition((FieldDefinitionHandle)handle)),
        HandleKind.MemberReference => OfMember(reader.GetMemberReference((MemberReferenceHandle)handle)),
        HandleKind.MethodSpecification => OfSpecification(reader.GetMethodSpecification((MethodSpecificationHandle)handle)),
        _ => [],
    };

    public static ImmutableArray<UsedType> All(MethodSignature<ImmutableArray<UsedType>> signature) =>
        [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(t => t)];

    public ImmutableArray<UsedType> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    public ImmutableArray<UsedType> GetTypeFromDefinition(
        MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [Of(handle)];

    public ImmutableArray<UsedType> GetTypeFromReference(
        MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [Of(handle)];

    public ImmutableArray<UsedType> GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            OfAny(handle);

    public ImmutableArray<UsedType> GetArrayType(ImmutableArray<UsedType> elementType, ArrayShape shape) => elementType;

    public ImmutableArray<UsedType> GetSZArrayType(ImmutableArray<UsedType> elementType) => elementType;

    public ImmutableArray<UsedType> GetByReferenceType(ImmutableArray<UsedType> elementType) => elementType;

    public ImmutableArray<UsedType> GetPointerType(ImmutableArray<UsedType> elementType) => elementType;

    public ImmutableArray<UsedType> GetPinnedType(ImmutableArray<UsedType> elementType) => elementType;

    public ImmutableArray<UsedType> GetFunctionPointerType(MethodSignature<ImmutableArray<UsedType>> signature) => All(signature);

    public ImmutableArray<UsedType> GetGenericInstantiation(
        ImmutableArray<UsedType> genericType, ImmutableArray<ImmutableArray<UsedType>> typeArguments) =>
            [.. genericType, .. typeArguments.SelectMany(t => t)];

    public ImmutableArray<UsedType> GetGenericMethodParameter(object? genericContext, int index) => [];

    public ImmutableArray<UsedType> GetGenericTypeParameter(object? genericContext, int index) => [];

    public ImmutableArray<UsedType> GetModifiedType(
        ImmutableArray<UsedType> modifier, ImmutableArray<UsedType> unmodifiedType, bool isRequired) =>
            [.. modifier, .. unmodifiedType];

    private UsedType Of(TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind switch
        {
            HandleKind.TypeReference => Of((TypeReferenceHandle)type.ResolutionScope),
            HandleKind.AssemblyReference => new UsedType(
                reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name),
                reader.GetString(type.Namespace), reader.GetString(type.Name)),
            _ => new UsedType(assembly, reader.GetString(type.Namespace), reader.GetString(type.Name)),
        };
    }

    private ImmutableArray<UsedType> OfMethod(MethodDefinition method) =>
        [Of(method.GetDeclaringType()), .. All(method.DecodeSignature(this, null))];

    private ImmutableArray<UsedType> OfField(FieldDefinition field) => [Of(field.GetDeclaringType()), .. field.DecodeSignature(this, null)];

    private ImmutableArray<UsedType> OfMember(MemberReference member) =>
    [
        .. OfAny(member.Parent),
        .. member.GetKind() == MemberReferenceKind.Field
            ? member.DecodeFieldSignature(this, null)
            : All(member.DecodeMethodSignature(this, null)),
    ];

    private ImmutableArray<UsedType> OfSpecification(MethodSpecification method) =>
        [.. OfAny(method.Method), .. method.DecodeSignature(this, null).SelectMany(t => t)];
}
