namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place between the brackets: a number, a range, a new axis, "the rest" or a tensor.</summary>
    public struct TensorIndex
    {
        public static readonly TensorIndex Ellipsis = new() { kind = Kind.Ellipsis };
        public static readonly TensorIndex Null = new() { kind = Kind.Null };
        public static readonly TensorIndex None = Null;
        public static readonly TensorIndex Colon = Slice();

        internal Kind kind;
        internal long? start;
        internal long? stop;
        internal long? step;
        internal torch.Tensor? tensor;

        internal enum Kind
        {
            Slice, Single, Null, Ellipsis, Tensor,
        }

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new() { start = start, stop = stop, step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) =>
            Slice(Place(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : Place(range.End));

        public static TensorIndex Single(long? index) => new() { kind = Kind.Single, start = index };

        public static TensorIndex Tensor(torch.Tensor tensor) => new() { kind = Kind.Tensor, tensor = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);
        public static implicit operator TensorIndex(Index index) => Single(Place(index));

        private static long Place(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }

    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params long[] indices]
        {
            get => index(Singles(indices));
            set => index_put_(value, Singles(indices));
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, TensorIndex.Single(i1));
        }

        public Tensor this[long i1, long i2]
        {
            get => this[[i1, i2]];
            set => this[[i1, i2]] = value;
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => this[[i1, i2, i3]];
            set => this[[i1, i2, i3]] = value;
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var view = View(indices, out var tensors);
            if (tensors is null)
                return view;
            using (view)
                return Op.Call("index.Tensor", view, Arg.Optional(tensors));
        }

        public Tensor index(params Tensor[] indices) => Op.Call("index.Tensor", this, Arg.Optional(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using var view = View(indices, out var tensors);
            if (tensors is null)
                view.copy_(value);
            else
                Op.Do("index_put_", view, Arg.Optional(tensors), value, false);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices)
        {
            Op.Do("index_put_", this, Arg.Optional(indices), value, false);
            return this;
        }

        private static TensorIndex[] Singles(long[] indices) => Array.ConvertAll(indices, i => TensorIndex.Single(i));

        /// <summary>Applies what needs no copy; index tensors are left over, each at its dimension of the view.</summary>
        private Tensor View(TensorIndex[] indices, out Tensor?[]? tensors)
        {
            var view = alias();
            var found = new List<Tensor?>();
            var dimension = 0;
            var covered = 0;
            for (var i = 0; i < indices.Length; i++)
            {
                var index = indices[i];
                var next = index.kind switch
                {
                    TensorIndex.Kind.Single => view.select(dimension, index.start ?? throw new ArgumentException("an index without a number")),
                    TensorIndex.Kind.Slice => Op.Call("slice.Tensor", view, dimension, index.start, index.stop, index.step ?? 1),
                    TensorIndex.Kind.Null => view.unsqueeze(dimension),
                    _ => null,
                };
                if (next is not null)
                {
                    view.Dispose();
                    view = next;
                }
                if (index.kind == TensorIndex.Kind.Tensor)
                {
                    found.AddRange(Enumerable.Repeat<Tensor?>(null, dimension - covered));
                    found.Add(index.tensor);
                    covered = dimension += Width(index);
                }
                else if (index.kind == TensorIndex.Kind.Ellipsis)
                {
                    dimension = (int)view.ndim - Consumed(indices.AsSpan(i + 1));
                }
                else if (index.kind != TensorIndex.Kind.Single)
                {
                    dimension++;
                }
            }
            tensors = found.Count == 0 ? null : [.. found];
            return view;
        }

        /// <summary>A mask stands for as many dimensions as it has, any other index for one.</summary>
        private static int Width(TensorIndex index) =>
            index.kind == TensorIndex.Kind.Null ? 0 : index.tensor is { } mask && mask.dtype == ScalarType.Bool ? (int)mask.ndim : 1;

        private static int Consumed(ReadOnlySpan<TensorIndex> rest)
        {
            var dimensions = 0;
            foreach (var index in rest)
                dimensions += Width(index);
            return dimensions;
        }
    }
}
