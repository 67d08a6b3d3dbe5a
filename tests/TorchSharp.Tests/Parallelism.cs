// The default generator, the number of threads and the counts of live tensors belong to the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
