using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Architecture.Tests;

/// <summary>Reads IL as far as it refers to types, methods and fields (ECMA-335, partition III).</summary>
internal static class Instructions
{
    private const byte Prefix = 0xFE;

    private static readonly Dictionary<short, OperandType> s_operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value, code => code.OperandType);

    /// <summary>The metadata tokens of a method's instructions.</summary>
    public static IEnumerable<int> TokensOf(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == Prefix ? unchecked((short)((Prefix << 8) | il[at + 1])) : il[at];
            at += il[at] == Prefix ? 2 : 1;
            var operand = s_operands[code];
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                yield return BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at));
            at += SizeOf(operand, il, at);
        }
    }

    private static int SizeOf(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at))),
        _ => 4,
    };
}
