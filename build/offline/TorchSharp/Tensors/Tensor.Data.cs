using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    // The way to the numbers themselves.
    public partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor on the CPU; valid while the tensor is.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                var info = Info;
                // The exception that TorchSharp throws.
                if (!info.IsContiguous)
                    throw new NotImplementedException("Bytes() called on non-contiguous tensor.");
                EnsureOnCpu(info);
                return new Span<byte>((void*)DataPointer, checked((int)(info.Elements * info.ElementSize)));
            }

            set
            {
                var memory = bytes;
                if (value.Length != memory.Length)
                    throw new ArgumentException($"Mismatched data sizes in SetBytes(): the tensor has {memory.Length} bytes, the source {value.Length}.");
                value.CopyTo(memory);
            }
        }

        /// <summary>Typed access; T has to be what the tensor holds.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            var info = Info;
            if (info.ScalarType != TypeOf<T>())
                throw new ArgumentException($"Tensor of {info.ScalarType} cannot be read as {typeof(T).Name}.");
            EnsureOnCpu(info);
            return new TensorAccessor<T>(this);
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1)
                throw new ArgumentException($"Number of elements in the tensor must be 1, but is {NumberOfElements}.");
            using var here = Info.DeviceType == DeviceType.CPU ? null : cpu();
            return (here ?? this).data<T>()[0];
        }

        public Scalar ToScalar()
        {
            var result = Op.CallNumber("item", this);
            return result.Kind switch
            {
                ArgumentKind.Double => result.Number,
                ArgumentKind.Bool => result.Integer != 0,
                _ => result.Integer,
            };
        }

        /// <summary>The address of the first element. The caller holds the tensor while using it.</summary>
        internal unsafe nint DataPointer
        {
            get
            {
                var native = Hold();
                try
                {
                    return (nint)Native.bridge_data(native);
                }
                finally
                {
                    LetGo();
                }
            }
        }

        internal static ScalarType TypeOf<T>() where T : unmanaged =>
            typeof(T) == typeof(float) ? ScalarType.Float32
            : typeof(T) == typeof(double) ? ScalarType.Float64
            : typeof(T) == typeof(long) ? ScalarType.Int64
            : typeof(T) == typeof(int) ? ScalarType.Int32
            : typeof(T) == typeof(short) ? ScalarType.Int16
            : typeof(T) == typeof(sbyte) ? ScalarType.Int8
            : typeof(T) == typeof(byte) ? ScalarType.Byte
            : typeof(T) == typeof(bool) ? ScalarType.Bool
            : typeof(T) == typeof(Half) ? ScalarType.Float16
            : throw new ArgumentException($"no tensor holds elements of type {typeof(T).Name}");

        /// <summary>A tensor on the CPU that holds a copy of the elements.</summary>
        internal static unsafe Tensor FromMemory<T>(ReadOnlySpan<T> elements, ReadOnlySpan<long> shape) where T : unmanaged
        {
            fixed (T* data = elements)
            fixed (long* sizes = shape)
                return Own(Native.Check(Native.bridge_from_memory(data, (long)elements.Length * sizeof(T), sizes, shape.Length, (int)TypeOf<T>())));
        }

        private static void EnsureOnCpu(TensorInfo info)
        {
            if (info.DeviceType != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }
    }
}

public static partial class TensorExtensionMethods
{
    public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor);

    public static float ToSingle(this torch.Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();
    public static byte ToByte(this torch.Tensor value) => checked((byte)value.ToScalar().Integer);
    public static sbyte ToSByte(this torch.Tensor value) => checked((sbyte)value.ToScalar().Integer);
    public static short ToInt16(this torch.Tensor value) => checked((short)value.ToScalar().Integer);
    public static int ToInt32(this torch.Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();
    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);
}
