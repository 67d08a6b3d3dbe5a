namespace Azure.Messaging.ServiceBus;

public class ServiceBusException : Exception
{
    public ServiceBusException()
    {
    }

    public ServiceBusException(string message, ServiceBusFailureReason reason, string? entityPath = default, Exception? innerException = default)
        : this(reason is ServiceBusFailureReason.ServiceBusy or ServiceBusFailureReason.ServiceTimeout or ServiceBusFailureReason.ServiceCommunicationProblem, message, entityPath, reason, innerException)
    {
    }

    public ServiceBusException(bool isTransient, string message, string? entityName = default, ServiceBusFailureReason reason = ServiceBusFailureReason.GeneralError, Exception? innerException = default)
        : base(message, innerException)
    {
        IsTransient = isTransient;
        EntityPath = entityName;
        Reason = reason;
    }

    public bool IsTransient { get; }

    public ServiceBusFailureReason Reason { get; }

    public string? EntityPath { get; }

    public override string Message => $"{base.Message} ({Reason})";
}
