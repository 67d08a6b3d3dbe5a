using CloudPipe.GpuWorker.Tests.Weights;

// The tests start this assembly again to have a process of its own memory: see WeightsMemoryTests.
return LargeNetwork.Load(args[0]);
