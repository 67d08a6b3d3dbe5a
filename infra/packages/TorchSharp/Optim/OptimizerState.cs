using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public abstract void Initialize(OptimizerOptions options);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(Device device)
    {
    }

    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor? result, Device device)
    {
        result?.Dispose();
        result = null;
        if (!reader.ReadBoolean()) return;
        TensorExtensionMethods.Load(ref result!, reader);
        result = result.to(device, disposeAfter: true).DetachFromDisposeScope();
    }

    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    /// <summary>A zero tensor like the parameter, which outlives the current scope.</summary>
    private protected Tensor NewZeros() => zeros_like(_parameter).DetachFromDisposeScope();

    /// <summary>A copy on the parameter's device, which outlives the current scope.</summary>
    private protected Tensor CopyOf(Tensor tensor) => tensor.to(_parameter.device, copy: true).DetachFromDisposeScope();

    private protected static Tensor Move(Tensor tensor, Device device)
    {
        var moved = tensor.to(device).DetachFromDisposeScope();
        tensor.Dispose();
        return moved;
    }
}
