// Three namespaces in a ring, for the test of the rule itself.
namespace Architecture.Tests.First
{
    internal sealed class Holder
    {
        public Second.Held? Held { get; init; }
    }
}

namespace Architecture.Tests.Second
{
    internal sealed class Held
    {
        public int Number { get; } = Third.Called.Count([]);
    }
}

namespace Architecture.Tests.Third
{
    internal static class Called
    {
        public static int Count(IEnumerable<object> items) => items.Count(item => item is First.Holder);
    }
}
