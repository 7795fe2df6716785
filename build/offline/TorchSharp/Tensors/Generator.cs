namespace TorchSharp;

public static partial class torch
{
    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

    public static long seed() => Generator.Default.seed();

    public static long initial_seed() => Generator.Default.initial_seed();

    public static Tensor get_rng_state() => Generator.Default.get_state();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long seed() => torch.seed();

        public static long initial_seed() => torch.initial_seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }

    /// <summary>A source of random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public Generator(ulong seed = 0, Device? device = null) : this(Native.bridge_new_generator(seed))
        {
            if (device is not null && device.type != DeviceType.CPU)
                throw new ArgumentException($"this libtorch has random generators on the CPU only, not on {device}", nameof(device));
        }

        private Generator(nint handle) => this.handle = handle;

        ~Generator() => Dispose(false);

        /// <summary>The process's own generator; each call gives another reference to it, which may be disposed of.</summary>
        public static Generator Default => new(Native.bridge_default_generator());

        public nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device => CPU;

        public Generator manual_seed(long seed)
        {
            Native.bridge_seed_generator(Handle, unchecked((ulong)seed));
            return this;
        }

        /// <summary>Seeds with a number that is not predictable, and returns it.</summary>
        public long seed() => unchecked((long)Native.bridge_generator_seed(Handle, true));

        public long initial_seed() => unchecked((long)Native.bridge_generator_seed(Handle, false));

        public Tensor get_state() => Tensor.Own(Native.Check(Native.bridge_generator_state(Handle)));

        public void set_state(Tensor value)
        {
            var state = value.Hold();
            try
            {
                Native.Check(Native.bridge_set_generator_state(Handle, state));
            }
            finally
            {
                value.LetGo();
            }
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var former = Interlocked.Exchange(ref handle, 0);
            if (former != 0)
                Native.bridge_release_generator(former);
        }
    }
}
