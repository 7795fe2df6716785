namespace TorchSharp;

public static partial class torch
{
    /// <summary>No gradients are recorded on this thread until the result is disposed of.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_grad_enabled() => Native.bridge_grad_enabled();

    public static bool is_inference_mode_enabled() => Native.bridge_inference_enabled();

    public static partial class autograd
    {
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            using var natives = new HeldTensors(outputs, inputs, grad_outputs);
            unsafe
            {
                fixed (nint* result = results, first = natives[0], second = natives[1], third = natives[2])
                    Native.Check(Native.bridge_autograd_grad(first, outputs.Count, second, inputs.Count, third, natives[2].Length,
                        retain_graph || create_graph, create_graph, allow_unused, result));
            }
            return Array.ConvertAll(results, Tensor.Own);
        }

        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            using var natives = new HeldTensors(tensors, grad_tensors, inputs);
            unsafe
            {
                fixed (nint* first = natives[0], second = natives[1], third = natives[2])
                    Native.Check(Native.bridge_backward(first, tensors.Count, second, natives[1].Length, retain_graph ?? create_graph, create_graph, third, natives[2].Length));
            }
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);
    }

    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Info.RequiresGrad;
            set
            {
                var native = Hold();
                try
                {
                    Native.Check(Native.bridge_set_requires_grad(native, value));
                }
                finally
                {
                    LetGo();
                }
            }
        }

        /// <summary>The gradient, as a new C# tensor at each call, or null if there is none.</summary>
        public Tensor? grad
        {
            get
            {
                var native = Hold();
                try
                {
                    return Own(Native.bridge_grad(native));
                }
                finally
                {
                    LetGo();
                }
            }

            set
            {
                using var natives = new HeldTensors([this], value is null ? [] : [value]);
                Native.Check(Native.bridge_set_grad(natives[0][0], natives[1].FirstOrDefault()));
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public Tensor detach() => Op.Call("detach", this);

        public Tensor detach_()
        {
            Op.Do("detach_", this);
            return this;
        }

        /// <summary>Keeps the gradient of a tensor that is not a leaf.</summary>
        public void retain_grad() => Op.Do("retain_grad", this);

        public void backward() => autograd.backward(this);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward(this, grad_tensors, retain_graph, create_graph, inputs);
    }

    private sealed class GradMode : IDisposable
    {
        private readonly bool former = Native.bridge_grad_enabled();

        internal GradMode(bool enabled) => Native.bridge_set_grad_enabled(enabled);

        public void Dispose() => Native.bridge_set_grad_enabled(former);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint guard = Native.bridge_enter_inference(enabled);

        public void Dispose()
        {
            var entered = Interlocked.Exchange(ref guard, 0);
            if (entered != 0)
                Native.bridge_leave_inference(entered);
        }
    }

    /// <summary>The native tensors of several lists, held until disposed of.</summary>
    private sealed class HeldTensors : IDisposable
    {
        private readonly List<Tensor> held = [];
        private readonly nint[][] natives;

        internal HeldTensors(params IList<Tensor>?[] lists)
        {
            natives = new nint[lists.Length][];
            try
            {
                for (var i = 0; i < lists.Length; i++)
                    natives[i] = (lists[i] ?? []).Select(Hold).ToArray();
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        internal nint[] this[int list] => natives[list];

        public void Dispose()
        {
            foreach (var tensor in held)
                tensor.LetGo();
        }

        private nint Hold(Tensor tensor)
        {
            var native = tensor.Hold();
            held.Add(tensor);
            return native;
        }
    }
}
