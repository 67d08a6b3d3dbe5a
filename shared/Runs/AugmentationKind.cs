namespace CloudPipe.Runs;

/// <summary>By which policy samples are varied in training beyond flips and tile shuffle.</summary>
public enum AugmentationKind
{
    /// <summary>By none, as in the papers.</summary>
    None,

    /// <summary>Operations drawn from 14, all of one magnitude. https://arxiv.org/abs/1909.13719</summary>
    RandAugment,

    /// <summary>Pairs of operations that were found on ImageNet. https://arxiv.org/abs/1805.09501</summary>
    AutoAugment,
}
