namespace CloudPipe.PipeSim;

public enum PipeMaterial
{
    Concrete,
    Plastic,
    VitrifiedClay,
}
