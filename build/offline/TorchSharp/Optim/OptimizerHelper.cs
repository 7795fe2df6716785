using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Parameters that share options.</summary>
public class ParamGroup : optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions Options { get; set; } = new();

    public double LearningRate
    {
        get => Options.LearningRate!.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}

public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup()
    {
    }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        Parameters = parameters;
        if (options is not null)
            base.Options = options;
    }

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}

public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
    }
}

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    public readonly Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void Initialize(OptimizerOptions options);

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public virtual void to(Device device)
    {
    }

    internal abstract void Release();

    private protected Tensor Zeros() => zeros_like(_parameter).DetachFromDisposeScope();

    private protected Tensor? Copied(Tensor? source)
    {
        if (source is null)
            return null;
        if (!source.shape.SequenceEqual(_parameter.shape))
            throw new ArgumentException($"the optimizer's state has shape [{string.Join('x', source.shape)}], its parameter [{string.Join('x', _parameter.shape)}]");
        using var _ = no_grad();
        return source.to(_parameter.dtype, _parameter.device, copy: true).DetachFromDisposeScope();
    }

    private protected static Tensor? Moved(Tensor? tensor, Device device) => tensor?.to(device, copy: true).DetachFromDisposeScope();

    private protected static void Save(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        if (tensor is null)
            return;
        using var scope = NewDisposeScope();
        var here = tensor.cpu().contiguous();
        writer.Write((byte)here.dtype);
        writer.Write(here.shape.Length);
        foreach (var size in here.shape)
            writer.Write(size);
        writer.Write(here.bytes);
    }

    private protected Tensor? Load(BinaryReader reader)
    {
        if (!reader.ReadBoolean())
            return null;
        using var scope = NewDisposeScope();
        var dtype = (ScalarType)reader.ReadByte();
        var shape = new long[reader.ReadInt32()];
        for (var d = 0; d < shape.Length; d++)
            shape[d] = reader.ReadInt64();
        if (!shape.SequenceEqual(_parameter.shape))
            throw new ArgumentException($"the saved state has shape [{string.Join('x', shape)}], its parameter [{string.Join('x', _parameter.shape)}]");
        var loaded = empty(shape, dtype);
        reader.BaseStream.ReadExactly(loaded.bytes);
        return Copied(loaded);
    }
}

/// <summary>What all optimizers share: groups, states by parameter, saving and loading.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

    private protected OptimizerHelper()
    {
    }

    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        foreach (var group in Groups)
        {
            result.Options.Add(group.Options);
            result.StateIndexRef.Add(group.Parameters.Select((_, i) => result.State.Count + i).ToList());
            result.State.AddRange(group.Parameters.Select(parameter => states[parameter]));
        }
        return result;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        RequireSameShape(own, state_dict.StateIndexRef.Select(indices => indices.Count).ToList());
        for (var i = 0; i < own.Options.Count; i++)
            if (!ReferenceEquals(own.Options[i], state_dict.Options[i]))
                own.Options[i].LoadStateDict(state_dict.Options[i]);
        for (var i = 0; i < own.State.Count; i++)
            if (!ReferenceEquals(own.State[i], state_dict.State[i]))
                own.State[i].LoadStateDict(state_dict.State[i]);
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var own = state_dict();
        writer.Write(GetType().Name);
        writer.Write(own.Options.Count);
        foreach (var indices in own.StateIndexRef)
            writer.Write(indices.Count);
        foreach (var options in own.Options)
            options.SaveStateDict(writer);
        foreach (var state in own.State)
            state.SaveStateDict(writer);
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var own = state_dict();
        var saved = reader.ReadString();
        if (saved != GetType().Name)
            throw new InvalidDataException($"the saved state is of optimizer {saved}, not {GetType().Name}");
        RequireSameShape(own, Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32()).ToList());
        foreach (var options in own.Options)
            options.LoadStateDict(reader);
        foreach (var state in own.State)
            state.LoadStateDict(reader);
    }

    private protected override void Release()
    {
        foreach (var state in states.Values)
            state.Release();
        states.Clear();
    }

    private protected void Add(ParamGroup group, Func<Parameter, OptimizerState> newState)
    {
        base.add_param_group(group);
        group.Options.InitialLearningRate = group.Options.LearningRate!.Value;
        foreach (var parameter in group.Parameters)
        {
            var state = newState(parameter);
            state.Initialize(group.Options);
            if (!states.TryAdd(parameter, state))
                throw new ArgumentException("a parameter is in more than one group of the optimizer");
        }
    }

    /// <summary>Runs a step's body for every group, with the states of those parameters that have a gradient.</summary>
    private protected Tensor? Step<TState, TOptions>(Func<Tensor>? closure, Action<TOptions, Tensor[], Tensor[], TState[]> body)
        where TState : OptimizerState
        where TOptions : OptimizerOptions
    {
        Tensor? loss = null;
        if (closure is not null)
            using (enable_grad())
                loss = closure();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in Groups)
        {
            var parameters = new List<Tensor>();
            var grads = new List<Tensor>();
            var active = new List<TState>();
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is not { } grad)
                    continue;
                parameters.Add(parameter);
                grads.Add(grad);
                active.Add((TState)states[parameter]);
            }
            if (parameters.Count > 0)
                body((TOptions)group.Options, [.. parameters], [.. grads], [.. active]);
        }
        return loss;
    }

    private protected static Tensor[] Foreach(string op, Tensor[] tensors, params ReadOnlySpan<Arg> arguments) =>
        Op.CallList(op, tensors.Length, [tensors, .. arguments]);

    private static void RequireSameShape(StateDictionary own, List<int> counts)
    {
        var expected = own.StateIndexRef.Select(indices => indices.Count).ToList();
        if (!expected.SequenceEqual(counts))
            throw new ArgumentException($"the state has parameter groups of sizes [{string.Join(", ", counts)}], the optimizer [{string.Join(", ", expected)}]");
    }
}
