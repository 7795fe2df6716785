using System.ComponentModel;
using System.Globalization;

namespace SignalCam.Abstractions;

/// <summary>
/// Names a plug-in with its options, as a model file stores it: {"name": "detrend", "options": {"degree": 10}}. In configuration the name
/// alone will do where there are no options.
/// </summary>
/// <remarks>Two are equal when their names are, ignoring case, and their options.</remarks>
/// <param name="Name">The plug-in's name (case-insensitive).</param>
/// <param name="Options">Its options; null for the defaults.</param>
[TypeConverter(typeof(ComponentNameConverter))]
public sealed record ComponentSpec(string Name, ComponentOptions? Options = null)
{
    private static readonly ComponentOptions s_none = new();

    /// <inheritdoc/>
    public bool Equals(ComponentSpec? other) =>
        other is not null && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase)
        && (Options ?? s_none).Equals(other.Options ?? s_none);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <summary>The name, followed by the options as JSON where there are any.</summary>
    public override string ToString() => Options is { Count: > 0 } ? Name + Options : Name;
}

internal sealed class ComponentNameConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        new ComponentSpec((string)value);
}
