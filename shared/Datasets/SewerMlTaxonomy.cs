using CloudPipe.Labels;

namespace CloudPipe.Datasets;

/// <summary>
/// The 17 classes of Sewer-ML in the order of its tables, with the codes of the Danish inspection standard (Haurum, Moeslund:
/// Sewer-ML, CVPR 2021, table 1). Its VA, the water level, is no defect and no class. A picture without a class is normal.
/// </summary>
public static class SewerMlTaxonomy
{
    /// <summary>The taxonomy.</summary>
    public static Taxonomy Taxonomy { get; } = new(
        "sewer-ml",
        [
            new DefectClass("RB", "cracks, breaks and collapses", DefectKind.Structural),
            new DefectClass("OB", "surface damage", DefectKind.Structural),
            new DefectClass("PF", "production error", DefectKind.Structural),
            new DefectClass("DE", "deformation", DefectKind.Structural),
            new DefectClass("FS", "displaced joint", DefectKind.Structural),
            new DefectClass("IS", "intruding sealing material", DefectKind.Structural),
            new DefectClass("RO", "roots", DefectKind.Functional),
            new DefectClass("IN", "infiltration", DefectKind.Structural),
            new DefectClass("AF", "settled deposits", DefectKind.Functional),
            new DefectClass("BE", "attached deposits", DefectKind.Functional),
            new DefectClass("FO", "obstacle", DefectKind.Functional),
            new DefectClass("GR", "branch pipe", DefectKind.Structural),
            new DefectClass("PH", "chiselled connection", DefectKind.Structural),
            new DefectClass("PB", "drilled connection", DefectKind.Structural),
            new DefectClass("OS", "lateral reinstatement cuts", DefectKind.Structural),
            new DefectClass("OP", "connection with transition profile", DefectKind.Structural),
            new DefectClass("OK", "connection with construction changes", DefectKind.Structural),
        ],
        NormalIndex: null);
}
