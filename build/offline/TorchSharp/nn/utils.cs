using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients down together so that their norm is at most max_norm; returns the norm they had.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                var grads = tensors.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
                if (grads.Length == 0)
                    return 0;
                var norms = double.IsPositiveInfinity(norm_type)
                    ? grads.Select(grad => grad.abs().max())
                    : grads.Select(grad => grad.norm((float)norm_type));
                var norm = stack(norms).norm((float)norm_type).ToDouble();
                var factor = max_norm / (norm + 1e-6);
                if (factor < 1)
                    Op.Do("_foreach_mul_.Scalar", grads, factor);
                return norm;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                foreach (var grad in tensors.Select(parameter => parameter.grad).OfType<Tensor>())
                    grad.clamp_(-clip_value, clip_value);
            }

            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors) => WrappedTensorDisposeScope(() => cat(tensors.Select(tensor => tensor.flatten()).ToArray()));
        }
    }
}
