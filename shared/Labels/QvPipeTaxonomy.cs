namespace CloudPipe.Labels;

/// <summary>
/// The 17 classes of QV-Pipe in the data set's official order, with the codes of CJJ 181. A starting point for training:
/// scoring reads the taxonomy that its release names.
/// </summary>
public static class QvPipeTaxonomy
{
    /// <summary>The taxonomy; the normal class, ZC, is the first.</summary>
    public static Taxonomy Taxonomy { get; } = new(
        "qv-pipe",
        [
            new DefectClass("ZC", "normal", DefectKind.Normal),
            new DefectClass("CJ", "deposit", DefectKind.Functional),
            new DefectClass("CK", "joint offset", DefectKind.Structural),
            new DefectClass("ZW", "obstacle", DefectKind.Functional),
            new DefectClass("JG", "encrustation", DefectKind.Functional),
            new DefectClass("SG", "roots", DefectKind.Functional),
            new DefectClass("PL", "fracture", DefectKind.Structural),
            new DefectClass("BX", "deformation", DefectKind.Structural),
            new DefectClass("CR", "foreign intrusion", DefectKind.Structural),
            new DefectClass("FZ", "scum", DefectKind.Functional),
            new DefectClass("FS", "corrosion", DefectKind.Structural),
            new DefectClass("AJ", "concealed lateral", DefectKind.Structural),
            new DefectClass("CQ", "residual wall", DefectKind.Functional),
            new DefectClass("SL", "leakage", DefectKind.Structural),
            new DefectClass("QF", "undulation", DefectKind.Structural),
            new DefectClass("TJ", "disjointed pipe", DefectKind.Structural),
            new DefectClass("TL", "joint-material loss", DefectKind.Structural),
        ],
        NormalIndex: 0);
}
