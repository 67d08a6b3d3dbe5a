namespace CloudPipe.PipeSim;

/// <summary>One of QV-Pipe's 17 classes.</summary>
/// <param name="Index">The number that stands for the class in QV-Pipe's label file.</param>
/// <param name="Code">The code of CJJ 181.</param>
/// <param name="Name">The English name.</param>
/// <param name="ShortestHalfLength">Half the extent along the pipe of a small instance, in pipe radii.</param>
/// <param name="LongestHalfLength">Half the extent along the pipe of a large instance, in pipe radii.</param>
/// <param name="StandsAtJoint">The defect is one of a joint, and is placed on one.</param>
public sealed record DefectClass(
    int Index,
    string Code,
    string Name,
    float ShortestHalfLength,
    float LongestHalfLength,
    bool StandsAtJoint = false)
{
    public const int Normal = 0;
    public const int Deposit = 1;
    public const int JointOffset = 2;
    public const int Obstacle = 3;
    public const int Encrustation = 4;
    public const int Roots = 5;
    public const int Fracture = 6;
    public const int Deformation = 7;
    public const int ForeignIntrusion = 8;
    public const int Scum = 9;
    public const int Corrosion = 10;
    public const int ConcealedLateral = 11;
    public const int ResidualWall = 12;
    public const int Leakage = 13;
    public const int Undulation = 14;
    public const int DisjointedPipe = 15;
    public const int JointMaterialLoss = 16;

    /// <summary>
    /// All classes in the order of QV-Pipe's label file. That the file numbers them in this order follows from the
    /// number of training videos per class (<see cref="LabelSetStatistics.VideosPerClass"/>): all 17 are different,
    /// and the file's count of index i is the published count of the i-th class here, for every i.
    /// </summary>
    public static IReadOnlyList<DefectClass> All { get; } =
    [
        new(Normal, "ZC", "normal", 0, 0),
        new(Deposit, "CJ", "deposit", 1.4f, 3.2f),
        new(JointOffset, "CK", "joint offset", 0.1f, 0.1f, StandsAtJoint: true),
        new(Obstacle, "ZW", "obstacle", 0.25f, 0.4f),
        new(Encrustation, "JG", "encrustation", 0.5f, 1.3f),
        new(Roots, "SG", "roots", 0.2f, 0.3f, StandsAtJoint: true),
        new(Fracture, "PL", "fracture", 0.6f, 1.1f),
        new(Deformation, "BX", "deformation", 1.1f, 2.0f),
        new(ForeignIntrusion, "CR", "foreign intrusion", 0.2f, 0.3f),
        new(Scum, "FZ", "scum", 1.5f, 3.0f),
        new(Corrosion, "FS", "corrosion", 1.6f, 3.2f),
        new(ConcealedLateral, "AJ", "concealed lateral", 0.4f, 0.6f),
        new(ResidualWall, "CQ", "residual wall", 0.1f, 0.15f),
        new(Leakage, "SL", "leakage", 0.2f, 0.4f),
        new(Undulation, "QF", "undulation", 3.5f, 5.0f),
        new(DisjointedPipe, "TJ", "disjointed pipe", 0.1f, 0.2f, StandsAtJoint: true),
        new(JointMaterialLoss, "TL", "joint-material loss", 0.15f, 0.2f, StandsAtJoint: true),
    ];
}
