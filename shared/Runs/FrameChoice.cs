namespace CloudPipe.Runs;

/// <summary>Which frame each tile shows in training, where a data set has several for it.</summary>
public enum FrameChoice
{
    /// <summary>The middle one, as in scoring.</summary>
    Centre,

    /// <summary>A random one, anew in each epoch: temporal segment sampling. https://arxiv.org/abs/1608.00859</summary>
    Random,
}
