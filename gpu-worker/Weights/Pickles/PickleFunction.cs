namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>The callables that a pickle of weights may name. None is called: each stands for what the machine does itself.</summary>
internal enum PickleFunction
{
    /// <summary><c>torch._utils._rebuild_tensor_v2</c>: a view of a storage.</summary>
    RebuildTensor,

    /// <summary><c>torch._utils._rebuild_parameter</c>: a tensor that learns.</summary>
    RebuildParameter,

    /// <summary><c>collections.OrderedDict</c>.</summary>
    OrderedDictionary,

    /// <summary><c>argparse.Namespace</c>: a checkpoint's command line, which is ignored.</summary>
    Namespace,

    /// <summary>Makes a value that weights do not need: torch.Size, and what NumPy's single numbers are made of.</summary>
    Ignored,
}
