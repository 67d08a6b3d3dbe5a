namespace CloudPipe.Shared.Tests.Doubles;

/// <summary>Stands for a process that is killed.</summary>
internal sealed class ProcessDeathException : Exception;
