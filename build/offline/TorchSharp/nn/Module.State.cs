using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Parameters and persistent buffers by name: the tensors themselves, no copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var start = string.IsNullOrEmpty(prefix) ? "" : $"{prefix}.";
                foreach (var (name, parameter) in named_parameters())
                    destination.TryAdd(start + name, parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false))
                    destination.TryAdd(start + name, buffer);
                return destination;
            }

            /// <summary>Copies the values in. Nothing is copied if a key is missing or unknown (when strict) or a shape differs.</summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var target = state_dict();
                bool Wanted(string key) => skip is null || !skip.Contains(key);
                var missing = target.Keys.Where(key => Wanted(key) && !source.ContainsKey(key)).ToList();
                var unexpected = source.Keys.Where(key => Wanted(key) && !target.ContainsKey(key)).ToList();
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                    throw new InvalidOperationException(
                        $"The loaded state_dict is not identical to the target dictionary: missing {List(missing)}; unexpected {List(unexpected)}.");
                var shared = source.Keys.Where(key => Wanted(key) && target.ContainsKey(key)).ToList();
                foreach (var key in shared)
                    if (!source[key].shape.SequenceEqual(target[key].shape))
                        throw new ArgumentException($"Mismatched tensor shape while loading '{key}': found {Shape(source[key])}, expected {Shape(target[key])}.");
                using var _ = no_grad();
                foreach (var key in shared)
                    target[key].copy_(source[key]);
                return (missing, unexpected);
            }

            protected virtual Module _to(Device device, ScalarType dtype, bool non_blocking) => Convert(device, dtype, non_blocking);

            protected virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => Convert(new Device(deviceType, deviceIndex), null, non_blocking);

            protected virtual Module _to(ScalarType dtype, bool non_blocking) => Convert(null, dtype, non_blocking);

            internal Module To(Device device, ScalarType dtype, bool nonBlocking) => _to(device, dtype, nonBlocking);

            internal Module To(Device device, bool nonBlocking) => _to(device.type, device.index, nonBlocking);

            internal Module To(ScalarType dtype, bool nonBlocking) => _to(dtype, nonBlocking);

            /// <summary>Replaces what is elsewhere or of another floating-point type, here, in the fields that hold it, and in all parts.</summary>
            private Module Convert(Device? device, ScalarType? dtype, bool nonBlocking)
            {
                Available(device);
                foreach (var child in children())
                    child.Convert(device, dtype, nonBlocking);
                foreach (var name in ownParameters.Keys)
                {
                    var former = ownParameters[name];
                    if (!Differs(former, device, dtype))
                        continue;
                    using var grad = former.grad;
                    var next = new Parameter(Converted(former, device, dtype, nonBlocking), former.requires_grad);
                    next.DetachFromDisposeScope();
                    if (grad is not null)
                    {
                        using var convertedGrad = Converted(grad, device, dtype, nonBlocking);
                        next.grad = convertedGrad;
                    }
                    ownParameters[name] = next;
                    ReplaceField(former, next);
                }
                foreach (var name in ownBuffers.Keys)
                {
                    var (former, persistent) = ownBuffers[name];
                    if (!Differs(former, device, dtype))
                        continue;
                    var next = Converted(former, device, dtype, nonBlocking).DetachFromDisposeScope();
                    ownBuffers[name] = (next, persistent);
                    ReplaceField(former, next);
                }
                return this;
            }

            private static bool Differs(Tensor tensor, Device? device, ScalarType? dtype) =>
                (dtype is { } type && is_floating_point(tensor.dtype) && tensor.dtype != type)
                || (device is not null && (tensor.device_type != device.type || (device.index >= 0 && tensor.device_index != device.index)));

            private static Tensor Converted(Tensor tensor, Device? device, ScalarType? dtype, bool nonBlocking)
            {
                using var _ = no_grad();
                using var detached = tensor.detach();
                var type = dtype is { } wanted && is_floating_point(tensor.dtype) ? wanted : tensor.dtype;
                return detached.to(type, device ?? tensor.device, non_blocking: nonBlocking);
            }

            private void ReplaceField(Tensor former, Tensor next)
            {
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                    foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                        if (ReferenceEquals(field.GetValue(this), former))
                            field.SetValue(this, next);
                former.Dispose();
            }

            private static string List(List<string> keys) => keys.Count == 0 ? "nothing" : string.Join(", ", keys);

            private static string Shape(Tensor tensor) => $"[{string.Join('x', tensor.shape)}]";
        }
    }
}
