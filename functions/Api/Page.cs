namespace CloudPipe.Functions.Api;

/// <summary>One page of a listing.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The things; there may be none although more follow.</param>
/// <param name="NextLink">Where the next page is, relative to the API's address; <see langword="null"/> after the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextLink);
