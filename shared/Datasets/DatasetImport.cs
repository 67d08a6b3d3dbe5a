using CloudPipe.Labels;

namespace CloudPipe.Datasets;

/// <summary>What is to become a data set.</summary>
/// <param name="Name">The data set's name: 1 to 64 characters of a-z, 0-9, hyphen and dot.</param>
/// <param name="Format">How its labels are written.</param>
/// <param name="Taxonomy">The classes.</param>
/// <param name="VideosFolder">The folder of the videos and images.</param>
/// <param name="Samples">The samples, from <see cref="DatasetLabels"/>.</param>
/// <param name="Cut">How to cut them.</param>
public sealed record DatasetImport(string Name, DatasetFormat Format, Taxonomy Taxonomy, string VideosFolder, IReadOnlyList<DatasetSample> Samples, DatasetCut Cut);
