namespace CloudPipe.Evaluation;

/// <summary>How the models of an ensemble are weighed, the simplest way first.</summary>
public enum EnsembleWeighting
{
    /// <summary>All alike.</summary>
    Equal,

    /// <summary>Each by its own mean average precision out of fold.</summary>
    ByScore,

    /// <summary>By what gives the ensemble the highest mean average precision out of fold.</summary>
    Searched,
}
