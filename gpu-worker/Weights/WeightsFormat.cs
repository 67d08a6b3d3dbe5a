namespace CloudPipe.GpuWorker.Weights;

/// <summary>How a weights file is laid out.</summary>
public enum WeightsFormat
{
    /// <summary>A JSON header, then the tensors.</summary>
    Safetensors,

    /// <summary>What <c>torch.save</c> writes since PyTorch 1.6: a zip of a pickle and the tensors' storages.</summary>
    PyTorch,
}
