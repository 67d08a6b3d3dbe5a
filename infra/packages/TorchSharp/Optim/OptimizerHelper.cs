using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>The part that all optimizers share: groups, states by parameter handle, and saving.</summary>
public abstract class OptimizerHelper : Optimizer
{
    protected OptimizerOptions _defaults = null!;
    protected OrderedDict<IntPtr, OptimizerState> _state = new();

    public OptimizerHelper()
        : base(0)
    {
    }

    public override IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

    public override void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

    public override void zero_grad()
    {
        foreach (var parameter in parameters())
        {
            using var gradient = parameter.grad;
            gradient?.zero_();
        }
    }

    /// <summary>The closure runs with gradients; the update of each group without, in a scope of its own.</summary>
    protected Tensor _step<T>(Action<T> body, Func<Tensor>? loss_closure = null)
        where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
        {
            using var gradients = enable_grad();
            loss = loss_closure();
        }

        using (no_grad())
        using (NewDisposeScope())
        {
            foreach (var group in _parameter_groups) body((T)group);
        }

        return loss!;
    }

    public virtual StateDictionary state_dict()
    {
        var state = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            state.Options.Add(group.Options);
            var places = new List<int>();
            state.StateIndexRef.Add(places);
            foreach (var parameter in group.Parameters)
            {
                places.Add(state.State.Count);
                state.State.Add(_state[parameter.Handle]);
            }
        }

        return state;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        CheckCounts(own, state_dict.Options.Count, state_dict.State.Count);
        foreach (var (target, source) in own.Options.Zip(state_dict.Options))
        {
            if (!ReferenceEquals(target, source)) target.LoadStateDict(source);
        }

        foreach (var (target, source) in own.State.Zip(state_dict.State))
        {
            if (!ReferenceEquals(target, source)) target.LoadStateDict(source);
        }
    }

    public void save_state_dict(string location)
    {
        using var stream = File.Create(location);
        using var writer = new BinaryWriter(stream);
        save_state_dict(writer);
    }

    public void load_state_dict(string location)
    {
        using var stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream);
        load_state_dict(reader);
    }

    /// <summary>The optimizer's name, the counts of groups and states, the options, the states.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        var state = state_dict();
        writer.Write(GetType().Name);
        writer.Encode(state.Options.Count);
        writer.Encode(state.State.Count);
        foreach (var options in state.Options) options.SaveStateDict(writer);
        foreach (var entry in state.State) entry.SaveStateDict(writer);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var optimizer = reader.ReadString();
        if (optimizer != GetType().Name)
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{optimizer}' in the loaded stream.");

        var state = state_dict();
        CheckCounts(state, reader.Decode(), reader.Decode());
        foreach (var options in state.Options) options.LoadStateDict(reader);
        foreach (var entry in state.State) entry.LoadStateDict(reader);
    }

    public void to(Device device)
    {
        foreach (var parameter in parameters()) _state[parameter.Handle].to(device);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        foreach (var (_, state) in _state) (state as IDisposable)?.Dispose();
        _state.Clear();
    }

    private protected void AddGroup(ParamGroup group, Func<Parameter, OptimizerState> newState)
    {
        group.InitialLearningRate = group.LearningRate;
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = newState(parameter);
            _state[parameter.Handle] = state;
            state.Initialize(group.Options);
        }
    }

    private static void CheckCounts(StateDictionary own, long groups, long states)
    {
        if (groups != own.Options.Count) throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        if (states != own.State.Count) throw new ArgumentException("Invalid optimizer state -- different number of states.");
    }
}
