namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>How gradients are kept from growing too large.</summary>
public enum ClippingKind
{
    /// <summary>What the architecture's authors did: <see cref="Adaptive"/> for NFNets, <see cref="Norm"/> for all others.</summary>
    Automatic,

    /// <summary>Not at all.</summary>
    None,

    /// <summary>All gradients together, down to a norm.</summary>
    Norm,

    /// <summary>Each unit's gradient, down to a part of the unit's weights: Brock et al. 2021, https://arxiv.org/abs/2102.06171, section 4.</summary>
    Adaptive,
}
