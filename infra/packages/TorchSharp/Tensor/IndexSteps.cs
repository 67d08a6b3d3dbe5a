using TorchSharp.Operators;

namespace TorchSharp;

/// <summary>
/// Turns an index expression into views (numbers, slices, new dimensions, ellipsis) and the list of index tensors that is
/// left; intermediate views are disposed on the way.
/// </summary>
internal sealed class IndexSteps : IDisposable
{
    private readonly torch.Tensor start;
    private readonly List<torch.Tensor> made = [];
    private long dimension;

    public IndexSteps(torch.Tensor start) => Current = this.start = start;

    public torch.Tensor Current { get; private set; }

    /// <summary>Applies the whole expression; the result is the tensors for aten::index, empty when views were enough.</summary>
    public torch.Tensor?[] Apply(torch.TensorIndex[] indices)
    {
        var tensors = new List<torch.Tensor?>();
        bool anyTensor = false;
        long consumed = indices.Sum(Consumes);
        if (consumed > Current.ndim)
        {
            throw new System.Runtime.InteropServices.ExternalException(
                $"too many indices for tensor of dimension {Current.ndim} (got {consumed})");
        }
        foreach (torch.TensorIndex index in indices)
        {
            switch (index.kind)
            {
                case torch.TensorIndex.Kind.Single:
                    Select(index.startIndexOrBoolOrSingle ?? 0);
                    break;
                case torch.TensorIndex.Kind.Slice:
                    Slice(index);
                    Pass(tensors);
                    break;
                case torch.TensorIndex.Kind.Ellipsis:
                    for (long skipped = start.ndim - consumed; skipped > 0; skipped--)
                        Pass(tensors);
                    break;
                case torch.TensorIndex.Kind.None or torch.TensorIndex.Kind.Null:
                    Step(Current.unsqueeze(dimension));
                    Pass(tensors);
                    break;
                case torch.TensorIndex.Kind.Bool:
                    Step(Current.unsqueeze(dimension));
                    tensors.Add(Made(torch.tensor(new[] { index.startIndexOrBoolOrSingle != 0 }, device: Current.device)));
                    dimension++;
                    anyTensor = true;
                    break;
                default:
                    tensors.Add(index.tensor);
                    dimension += index.tensor!.dtype == torch.ScalarType.Bool ? index.tensor.ndim : 1;
                    anyTensor = true;
                    break;
            }
        }
        return anyTensor ? [.. tensors] : [];
    }

    public void Select(long index) => Step(Current.select(dimension, index));

    /// <summary>The result as a tensor of its own, for the caller to keep.</summary>
    public torch.Tensor Take()
    {
        if (made.Count == 0)
            return start.alias();
        torch.Tensor result = made[^1];
        made.RemoveAt(made.Count - 1);
        return result;
    }

    public void Dispose()
    {
        foreach (torch.Tensor tensor in made)
            tensor.Dispose();
    }

    private static long Consumes(torch.TensorIndex index) => index.kind switch
    {
        torch.TensorIndex.Kind.Single or torch.TensorIndex.Kind.Slice => 1,
        torch.TensorIndex.Kind.Tensor => index.tensor!.dtype == torch.ScalarType.Bool ? index.tensor.ndim : 1,
        _ => 0,
    };

    private void Slice(torch.TensorIndex index)
    {
        if (index.startIndexOrBoolOrSingle is null && index.stopIndex is null && index.step is null)
            return;
        Step(ShapesOperators.SliceTensor.Call(Current, dimension, index.startIndexOrBoolOrSingle, index.stopIndex, index.step ?? 1));
    }

    private void Pass(List<torch.Tensor?> tensors)
    {
        tensors.Add(null);
        dimension++;
    }

    private void Step(torch.Tensor next) => Current = Made(next);

    private torch.Tensor Made(torch.Tensor tensor)
    {
        made.Add(tensor);
        return tensor;
    }
}
