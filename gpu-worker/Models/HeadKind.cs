namespace CloudPipe.GpuWorker.Models;

/// <summary>What turns a network's last features into logits.</summary>
public enum HeadKind
{
    /// <summary>The head that timm gives the architecture: a pool and a linear layer, with what norm it has.</summary>
    Plain,

    /// <summary>ML-Decoder: a query a class (or group of classes) attends to the features. Catalog names ask for it with the suffix <c>+ml_decoder</c>.</summary>
    MlDecoder,
}
