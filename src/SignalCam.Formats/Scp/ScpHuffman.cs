namespace SignalCam.Formats.Scp;

/// <summary>A code of a Huffman table.</summary>
/// <param name="PrefixBits">Bits of the code.</param>
/// <param name="ValueBits">Bits of the value behind it; 0 where the value is <paramref name="BaseValue"/>.</param>
/// <param name="IsSwitch">Whether it names another table (<paramref name="BaseValue"/>, from 1) instead of a sample.</param>
/// <param name="BaseValue">The value, or the table.</param>
/// <param name="Prefix">The code right-aligned, first transmitted bit most significant.</param>
internal readonly record struct ScpCode(int PrefixBits, int ValueBits, bool IsSwitch, int BaseValue, uint Prefix);

/// <summary>Section 2: the Huffman tables. EN 1064 5.5 and annex C.</summary>
internal sealed class ScpHuffman
{
    private const int DefaultTable = 19999;
    private const int CodeLength = 9;
    private const int MaxCodes = 1 << 14;

    /// <summary>Codes up to this long are found by one look.</summary>
    private const int ShortBits = 10;

    private readonly IReadOnlyList<Table> _tables;

    private ScpHuffman(IReadOnlyList<Table> tables) => _tables = tables;

    /// <summary>The tables of a record; null if samples are plain 16-bit numbers.</summary>
    public static ScpHuffman? Read(ScpRecord record)
    {
        if (record.Section(2) is not { } section)
            return null;
        var count = section.UInt16(0);
        if (count == DefaultTable)
            return new ScpHuffman([new Table(DefaultCodes())]);
        if (count == 0)
            return null;
        var tables = new List<Table>();
        var (at, total) = (2, 0);
        for (var i = 0; i < count; i++)
        {
            var codes = new ScpCode[section.UInt16(at)];
            if ((total += codes.Length) > MaxCodes)
                throw section.Wrong(at, $"more than {MaxCodes} Huffman codes", $"at most {MaxCodes}");
            for (var c = 0; c < codes.Length; c++)
                codes[c] = ReadCode(section, at + 2 + (CodeLength * c), count);
            tables.Add(new Table(codes));
            at += 2 + (CodeLength * codes.Length);
        }
        return new ScpHuffman(tables);
    }

    /// <summary>Decodes samples of one lead; bits after the last one are filler.</summary>
    /// <returns>How many samples there are before the bits end or make no code; as many as requested on success.</returns>
    public int Decode(ReadOnlySpan<byte> bytes, Span<int> samples)
    {
        var bits = new ScpBits(bytes);
        var table = _tables[0];
        for (var i = 0; i < samples.Length;)
        {
            var next = bits.Peek();
            var found = table.Short(next);
            if (found.IsSample)
            {
                if (!bits.TryTake(found.Bits))
                    return i;
                samples[i++] = found.Value;
                continue;
            }
            if (!table.TryFind(next, out var code) || !bits.TryTake(code.PrefixBits))
                return i;
            if (code.IsSwitch)
                table = _tables[code.BaseValue - 1];
            else if (code.ValueBits == 0)
                samples[i++] = code.BaseValue;
            else
            {
                // Two's complement of ValueBits bits.
                var value = (int)bits.Peek() >> (32 - code.ValueBits);
                if (!bits.TryTake(code.ValueBits))
                    return i;
                samples[i++] = value;
            }
        }
        return samples.Length;
    }

    private static ScpCode ReadCode(ScpSection section, int at, int tableCount)
    {
        var (prefixBits, bits, mode) = (section.Byte(at), section.Byte(at + 1), section.Byte(at + 2));
        var baseValue = section.Int16(at + 3);
        var isSwitch = mode == 0;
        if (prefixBits is 0 or > 32 || bits < prefixBits || bits - prefixBits > 32)
            throw section.Wrong(at, $"a code of {prefixBits} bits in {bits}", "1 to 32 bits, and at most 32 of a value behind them");
        if (isSwitch && (baseValue < 1 || baseValue > tableCount))
            throw section.Wrong(at + 3, $"a switch to table {baseValue}", $"1 to {tableCount}");
        return new ScpCode(prefixBits, bits - prefixBits, isSwitch, baseValue, Reverse(section.UInt32(at + 5), prefixBits));
    }

    /// <summary>Base codes are stored with the first transmitted bit in bit 0.</summary>
    private static uint Reverse(uint code, int bits)
    {
        uint reversed = 0;
        for (var i = 0; i < bits; i++)
            reversed = (reversed << 1) | ((code >> i) & 1);
        return reversed;
    }

    /// <summary>Annex C.3.7.6: 0 is "0"; k from 1 to 8 is k ones, a zero and the sign; then escapes to 8 and 16 bits.</summary>
    private static ScpCode[] DefaultCodes()
    {
        var codes = new List<ScpCode> { new(1, 0, false, 0, 0) };
        for (var k = 1; k <= 8; k++)
        {
            var ones = (1u << k) - 1;
            codes.Add(new ScpCode(k + 2, 0, false, k, ones << 2));
            codes.Add(new ScpCode(k + 2, 0, false, -k, (ones << 2) | 1));
        }
        codes.Add(new ScpCode(10, 8, false, 0, 0x3FE));
        codes.Add(new ScpCode(10, 16, false, 0, 0x3FF));
        return [.. codes];
    }

    /// <summary>What short codes without a value behind them stand for: a sample. Most codes of a recording are of this kind.</summary>
    private readonly record struct ShortCode(bool IsSample, byte Bits, short Value);

    /// <summary>A table that is searched by the bits to come.</summary>
    private sealed class Table
    {
        private readonly ScpCode[] _codes;

        /// <summary>By the next bits.</summary>
        private readonly ShortCode[] _short = new ShortCode[1 << ShortBits];

        private readonly Dictionary<(int Bits, uint Prefix), int> _all = [];
        private readonly int[] _lengths;

        public Table(ScpCode[] codes)
        {
            _codes = codes;
            // From the last to the first, so that of two codes that are the same the first one counts.
            for (var c = codes.Length - 1; c >= 0; c--)
            {
                var code = codes[c];
                _all[(code.PrefixBits, code.Prefix)] = c;
                if (code.PrefixBits <= ShortBits)
                {
                    var found = new ShortCode(!code.IsSwitch && code.ValueBits == 0, (byte)code.PrefixBits, (short)code.BaseValue);
                    Array.Fill(_short, found, (int)(code.Prefix << (ShortBits - code.PrefixBits)), 1 << (ShortBits - code.PrefixBits));
                }
            }
            _lengths = [.. _all.Keys.Select(k => k.Bits).Distinct().Order()];
        }

        /// <param name="next">The next 32 bits.</param>
        public ShortCode Short(uint next) => _short[next >> (32 - ShortBits)];

        /// <param name="next">The next 32 bits.</param>
        /// <param name="code">The code that they begin with.</param>
        public bool TryFind(uint next, out ScpCode code)
        {
            foreach (var bits in _lengths)
                if (_all.TryGetValue((bits, next >> (32 - bits)), out var index))
                {
                    code = _codes[index];
                    return true;
                }
            code = default;
            return false;
        }
    }
}
