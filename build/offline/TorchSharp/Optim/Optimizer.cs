using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }

        /// <summary>Changes parameters by their gradients.</summary>
        public abstract partial class Optimizer : IDisposable
        {
            private readonly List<ParamGroup> groups = [];

            private protected Optimizer()
            {
            }

            public IEnumerable<ILearningRateController> ParamGroups => groups;

            private protected IReadOnlyList<ParamGroup> Groups => groups;

            public virtual IEnumerable<Parameter> parameters() => groups.SelectMany(group => group.Parameters);

            public virtual void add_param_group(ParamGroup param_group)
            {
                param_group.Parameters = param_group.Parameters.ToArray();
                groups.Add(param_group);
            }

            public virtual void zero_grad()
            {
                var grads = parameters().Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
                if (grads.Length == 0)
                    return;
                using var _ = no_grad();
                foreach (var grad in grads)
                    grad.detach_();
                Op.Do("_foreach_zero_", grads);
                foreach (var grad in grads)
                    grad.Dispose();
            }

            /// <summary>One step; the closure, if there is one, computes gradients and returns the loss, which is returned. Virtual and not abstract, as in TorchSharp; each optimizer has its own.</summary>
            public virtual Tensor? step(Func<Tensor>? closure = null) => throw new NotImplementedException();

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing)
                    Release();
            }

            /// <summary>Frees what the optimizer remembers.</summary>
            private protected virtual void Release()
            {
            }

            /// <summary>What has to be kept to go on with an optimizer another day.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];

                /// <summary>One for each parameter, group by group.</summary>
                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group, where its states are in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
