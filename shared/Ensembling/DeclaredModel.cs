namespace CloudPipe.Ensembling;

/// <summary>
/// A model that belongs to an ensemble but that this version cannot run: its place is kept, and until it is a member the
/// others' weights are scaled up to the whole.
/// </summary>
/// <param name="Architecture">By its future catalog name.</param>
/// <param name="Weight">Its weight in the ensemble.</param>
public sealed record DeclaredModel(string Architecture, double Weight);
