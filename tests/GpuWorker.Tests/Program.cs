using CloudPipe.GpuWorker.Tests.Training.Checkpoints;
using CloudPipe.GpuWorker.Tests.Weights;

// The tests start this assembly again to have a process of its own memory (WeightsMemoryTests) or one to kill (KilledFoldTests).
return args is [KilledFold.Verb, string folder] ? KilledFold.Run(folder) : LargeNetwork.Load(args[0]);
