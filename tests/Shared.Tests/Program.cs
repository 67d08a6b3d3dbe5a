using CloudPipe.Shared.Tests.Queues;

// The tests start this assembly again to have a second process: see SecondProcess.
return await QueueDrain.RunAsync(args);
