using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using SignalCam.Sdk;

namespace SignalCam.Cli.Tests.Plugins;

/// <summary>Assemblies that are wrong in one way each.</summary>
internal static class EmittedAssemblies
{
    /// <summary>A plug-in class whose constructor, or whose Configure, throws an InvalidOperationException.</summary>
    public static void WriteThrower(string path, string message, bool inConstructor)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(Path.GetFileNameWithoutExtension(path)), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("module").DefineType(
            "Ward.Thrower", TypeAttributes.Public | TypeAttributes.Class | TypeAttributes.Sealed,
            typeof(object), [typeof(ISignalCamPlugin)]);
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []).GetILGenerator();
        constructor.Emit(OpCodes.Ldarg_0);
        constructor.Emit(OpCodes.Call, typeof(object).GetConstructor([])!);
        var contract = typeof(ISignalCamPlugin).GetMethod(nameof(ISignalCamPlugin.Configure))!;
        var configure = type.DefineMethod(
            contract.Name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final,
            typeof(void), [typeof(ISignalCamBuilder)]);
        End(constructor, inConstructor);
        End(configure.GetILGenerator(), !inConstructor);
        type.CreateType();
        assembly.Save(path);

        void End(ILGenerator code, bool throws)
        {
            if (throws)
            {
                code.Emit(OpCodes.Ldstr, message);
                code.Emit(OpCodes.Newobj, typeof(InvalidOperationException).GetConstructor([typeof(string)])!);
                code.Emit(OpCodes.Throw);
            }
            code.Emit(OpCodes.Ret);
        }
    }

    /// <summary>An assembly without types that refers to a version of the SDK.</summary>
    public static void WriteReference(string path, Version version)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("module"), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("Ward"), new Version(1, 0, 0, 0), default, default,
            default, AssemblyHashAlgorithm.None);
        metadata.AddAssemblyReference(metadata.GetOrAddString("SignalCam.Sdk"), version, default, default, default, default);
        metadata.AddTypeDefinition(
            default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1),
            MetadataTokens.MethodDefinitionHandle(1));
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(image);
        File.WriteAllBytes(path, image.ToArray());
    }
}
