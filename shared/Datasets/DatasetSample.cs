namespace CloudPipe.Datasets;

/// <summary>One thing to learn from: a video, a part of one, or an image, with its classes.</summary>
/// <param name="Name">Its name in the data set, which no other sample has: the file's, and the span's where it has one.</param>
/// <param name="File">The file below the folder of videos, <c>/</c> between the parts of its path; a video's extension may be missing.</param>
/// <param name="Labels">The indices of its classes in the taxonomy, ascending, each once; may be empty.</param>
/// <param name="Span">The part of the video; <see langword="null"/> for all of it, and for an image.</param>
public sealed record DatasetSample(string Name, string File, IReadOnlyList<int> Labels, DatasetSpan? Span = null);
