namespace Architecture.Tests;

/// <summary>A type that another one uses, and the member that does.</summary>
/// <param name="From">The namespace of the user.</param>
/// <param name="User">The user, with the member in whose signature or body the use is.</param>
/// <param name="Assembly">The assembly of the used type.</param>
/// <param name="To">Its namespace.</param>
/// <param name="Used">Its name.</param>
internal sealed record TypeUse(string From, string User, string Assembly, string To, string Used)
{
    public override string ToString() => $"{User} uses {To}.{Used}";
}
