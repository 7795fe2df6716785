using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Something with parameters, buffers and parts of the same kind.</summary>
        public partial class Module : IDisposable
        {
            private readonly OrderedDict<string, Parameter> ownParameters = new();
            private readonly OrderedDict<string, (Tensor Tensor, bool Persistent)> ownBuffers = new();
            private readonly OrderedDict<string, Module> parts = new();

            protected Module(string name) => this.name = name;

            public readonly string name;

            public bool training { get; private set; } = true;

            public virtual string GetName() => name;

            /// <summary>Registers the fields' modules, parameters and buffers under the fields' names. Call it at the end of the constructor.</summary>
            protected virtual void RegisterComponents()
            {
                foreach (var field in GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                {
                    var component = field.ComponentName();
                    switch (field.GetValue(this))
                    {
                        case Module module when !parts.ContainsKey(component):
                            register_module(component, module);
                            break;
                        case Parameter parameter when !ownParameters.ContainsKey(component):
                            register_parameter(component, parameter);
                            break;
                        case Tensor buffer when !ownBuffers.ContainsKey(component):
                            register_buffer(component, buffer);
                            break;
                    }
                }
            }

            public virtual void register_module(string name, Module submodule)
            {
                CheckName(name);
                if (!parts.TryAdd(name, submodule))
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_parameter(string name, Parameter param)
            {
                CheckName(name);
                if (!ownParameters.TryAdd(name, (Parameter)param.DetachFromDisposeScope()))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                CheckName(name);
                if (!ownBuffers.TryAdd(name, (tensor.DetachFromDisposeScope(), persistent)))
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            public virtual IEnumerable<(string name, Module module)> named_children() => parts;

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var (name, child) in named_children())
                {
                    yield return (name, child);
                    foreach (var (inner, module) in child.named_modules())
                        yield return ($"{name}.{inner}", module);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(part => part.module);

            /// <summary>Each once, even if two parts share it.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach (var (name, parameter) in ownParameters)
                    if (seen.Add(parameter))
                        yield return (name, parameter);
                if (!recurse)
                    yield break;
                foreach (var (name, child) in named_children())
                    foreach (var (inner, parameter) in child.named_parameters())
                        if (seen.Add(parameter))
                            yield return ($"{name}.{inner}", parameter);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(named => named.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                foreach (var (name, (tensor, persistent)) in ownBuffers)
                    if (persistent || include_nonpersistent)
                        yield return (name, tensor);
                if (!recurse)
                    yield break;
                foreach (var (name, child) in named_children())
                    foreach (var (inner, tensor) in child.named_buffers(true, include_nonpersistent))
                        yield return ($"{name}.{inner}", tensor);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(named => named.buffer);

            public virtual bool has_parameter(string target) => named_parameters().Any(named => named.name == target);

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(named => named.name == target).parameter;

            public virtual bool has_buffer(string target) => named_buffers().Any(named => named.name == target);

            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(named => named.name == target).buffer;

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var child in children())
                    child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var child in children())
                    child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                    ClearGradient(parameter, set_to_none);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (var (_, child) in parts)
                    child.Dispose();
                foreach (var (_, parameter) in ownParameters)
                    parameter.Dispose();
                foreach (var (_, (tensor, _)) in ownBuffers)
                    tensor.Dispose();
            }

            internal static void ClearGradient(Parameter parameter, bool set_to_none)
            {
                if (set_to_none)
                {
                    parameter.grad = null;
                    return;
                }
                using var gradient = parameter.grad;
                using var _ = no_grad();
                gradient?.detach_().zero_();
            }

            private protected Parameter? Own(string name) => ownParameters.TryGetValue(name, out var parameter) ? parameter : null;

            private protected void SetOwn(string name, Parameter? parameter)
            {
                if (Own(name) is { } former && !ReferenceEquals(former, parameter))
                    former.Dispose();
                if (parameter is null)
                    ownParameters.Remove(name);
                else
                    ownParameters[name] = (Parameter)parameter.DetachFromDisposeScope();
            }

            /// <summary>Makes these the parts, in this order, for containers whose members change.</summary>
            private protected void SetParts(IEnumerable<(string Name, Module Part)> members)
            {
                parts.Clear();
                foreach (var (name, part) in members)
                    register_module(name, part);
            }

            private protected Tensor? OwnBuffer(string name) => ownBuffers.TryGetValue(name, out var buffer) ? buffer.Tensor : null;

            private protected void SetOwnBuffer(string name, Tensor tensor)
            {
                if (OwnBuffer(name) is { } former && !ReferenceEquals(former, tensor))
                    former.Dispose();
                ownBuffers[name] = (tensor.DetachFromDisposeScope(), true);
            }

            private static void CheckName(string name)
            {
                if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"'{name}' cannot name a component: empty, or with a dot in it", nameof(name));
            }
        }
    }
}
