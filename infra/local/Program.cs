using CloudPipe.Local.Commands;

return await CommandLineApplication.RunAsync(args, CommandOutput.OfProcess());
