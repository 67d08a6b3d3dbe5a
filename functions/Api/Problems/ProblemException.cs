namespace CloudPipe.Functions.Api.Problems;

/// <summary>A request cannot be carried out; <see cref="ApiHandler"/> answers with the problem.</summary>
/// <param name="problem">What the client is told.</param>
public sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>Describes an occurrence of a kind.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="detail">What was wrong this time, and what to do.</param>
    /// <param name="field">The field or parameter that it is about.</param>
    public ProblemException(ProblemType type, string detail, string? field = null)
        : this(Problem.Of(type, detail, field))
    {
    }

    /// <summary>What the client is told.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>How long the client should wait before it asks again.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
