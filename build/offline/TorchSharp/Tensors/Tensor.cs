using System.Globalization;
using System.Text;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>An array of numbers of libtorch. Not thread-safe in what it writes, safe to dispose of at any time.</summary>
    public partial class Tensor : IDisposable
    {
        private const string EmptyHandle = "Tensor invalid -- empty handle.";

        private readonly TensorHandle handle;

        private protected Tensor(nint native)
        {
            handle = new TensorHandle(native);
            DisposeScopeManager.OfThread.Register(this);
        }

        /// <summary>Takes over the native tensor of another, which is empty afterwards, and its place in its scope.</summary>
        private protected Tensor(Tensor former)
        {
            var native = former.Hold();
            try
            {
                // Both own the same reference until the former gives its up: take one more for this.
                handle = new TensorHandle(Native.bridge_share(native));
            }
            finally
            {
                former.LetGo();
            }
            former.OwningDisposeScope?.Replace(former, this);
            former.handle.Dispose();
        }

        public static long TotalCount => TensorHandle.Live;

        public static long PeakCount => TensorHandle.Peak;

        public nint Handle => handle.IsClosed ? throw new InvalidOperationException(EmptyHandle) : handle.DangerousGetHandle();

        public bool IsInvalid => handle.IsClosed;

        internal DisposeScope? OwningDisposeScope { get; set; }

        public ScalarType dtype => Info.ScalarType;

        public Device device
        {
            get
            {
                var info = Info;
                return new Device(info.DeviceType, info.DeviceIndex);
            }
        }

        public DeviceType device_type => Info.DeviceType;

        public int device_index => Info.DeviceIndex;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public long Dimensions => Info.Dimensions;

        public long ndim => Info.Dimensions;

        public long dim() => Info.Dimensions;

        public long NumberOfElements => Info.Elements;

        public long numel() => Info.Elements;

        public long ElementSize => Info.ElementSize;

        public long element_size() => Info.ElementSize;

        public bool is_contiguous() => Info.IsContiguous;

        public bool is_leaf => Info.IsLeaf;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => dtype is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

        public long[] shape => Sizes(strides: false);

        public long[] size() => shape;

        public long size(int dim)
        {
            var sizes = shape;
            return sizes[dim < 0 ? dim + sizes.Length : dim];
        }

        public long[] stride() => Sizes(strides: true);

        public long stride(int dim)
        {
            var strides = stride();
            return strides[dim < 0 ? dim + strides.Length : dim];
        }

        internal unsafe TensorInfo Info
        {
            get
            {
                TensorInfo info;
                Native.bridge_info(Hold(), &info);
                LetGo();
                return info;
            }
        }

        /// <summary>A C# tensor for a native reference that it owns from now on; null for the undefined tensor.</summary>
        internal static Tensor Own(nint native) => native == 0 ? null! : new Tensor(native);

        public static Tensor UnsafeCreateTensor(nint handle) => Own(handle);

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            if (OwningDisposeScope is { } scope)
                scope.MoveToOther(other, this);
            else
                other.Attach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) =>
            other.OwningDisposeScope is { } scope ? MoveToOtherDisposeScope(scope) : DetachFromDisposeScope();

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (IsInvalid)
                return;
            if (OwningDisposeScope is { } scope)
                scope.MarkAsDisposed(this);
            else
                DisposeScopeManager.OfThread.Tensors.DisposedOutsideScopeCount++;
            Free();
        }

        /// <summary>Gives up the native reference without a word to scopes and statistics.</summary>
        internal void Free() => handle.Dispose();

        /// <summary>The native tensor, kept alive until <see cref="LetGo"/> even if this is disposed of meanwhile.</summary>
        internal nint Hold()
        {
            var held = false;
            try
            {
                handle.DangerousAddRef(ref held);
            }
            catch (ObjectDisposedException)
            {
                throw new InvalidOperationException(EmptyHandle);
            }
            return handle.DangerousGetHandle();
        }

        internal void LetGo() => handle.DangerousRelease();

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => base.GetHashCode();

        public override string ToString()
        {
            if (IsInvalid)
                return EmptyHandle;
            var text = new StringBuilder().Append('[').AppendJoin('x', shape).Append("], type = ").Append(dtype).Append(", device = ").Append(device);
            if (ndim == 0 && device_type == DeviceType.CPU)
                text.Append(CultureInfo.InvariantCulture, $", value = {ToScalar().Text}");
            return text.ToString();
        }

        private unsafe long[] Sizes(bool strides)
        {
            var native = Hold();
            try
            {
                TensorInfo info;
                Native.bridge_info(native, &info);
                var values = new long[info.Dimensions];
                fixed (long* pointer = values)
                    Native.bridge_sizes(native, strides ? null : pointer, strides ? pointer : null);
                return values;
            }
            finally
            {
                LetGo();
            }
        }
    }

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_tensor(object obj) => obj is Tensor;
}
