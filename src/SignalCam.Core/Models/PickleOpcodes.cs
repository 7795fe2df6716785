namespace SignalCam.Core.Models;

/// <summary>Names of pickle opcodes (Python's pickletools), so that a refusal states what was refused.</summary>
internal static class PickleOpcodes
{
    public static string NameOf(byte opcode)
    {
        var name = (char)opcode switch
        {
            '0' => "POP",
            '1' => "POP_MARK",
            '2' => "DUP",
            'F' => "FLOAT",
            'I' => "INT",
            'L' => "LONG",
            'P' => "PERSID",
            'S' => "STRING",
            'T' => "BINSTRING",
            'U' => "SHORT_BINSTRING",
            'V' => "UNICODE",
            'B' => "BINBYTES",
            'C' => "SHORT_BINBYTES",
            'd' => "DICT",
            'g' => "GET",
            'i' => "INST",
            'l' => "LIST",
            'o' => "OBJ",
            'p' => "PUT",
            '\x81' => "NEWOBJ",
            '\x82' => "EXT1",
            '\x83' => "EXT2",
            '\x84' => "EXT4",
            '\x8b' => "LONG4",
            '\x8c' => "SHORT_BINUNICODE",
            '\x8d' => "BINUNICODE8",
            '\x8e' => "BINBYTES8",
            '\x8f' => "EMPTY_SET",
            '\x90' => "ADDITEMS",
            '\x91' => "FROZENSET",
            '\x92' => "NEWOBJ_EX",
            '\x93' => "STACK_GLOBAL",
            '\x94' => "MEMOIZE",
            '\x95' => "FRAME",
            '\x96' => "BYTEARRAY8",
            '\x97' => "NEXT_BUFFER",
            '\x98' => "READONLY_BUFFER",
            _ => null,
        };
        return name is null ? $"0x{opcode:X2}" : $"{name} (0x{opcode:X2})";
    }
}
