using CloudPipe.Local.Commands;
using CloudPipe.Local.Hosting;

OpenMpWaiting.SleepWhenIdle();
return await CommandLineApplication.RunAsync(args, CommandOutput.OfProcess());
