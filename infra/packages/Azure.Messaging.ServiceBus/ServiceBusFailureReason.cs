namespace Azure.Messaging.ServiceBus;

public enum ServiceBusFailureReason
{
    GeneralError,
    MessagingEntityNotFound,
    MessageLockLost,
    MessageNotFound,
    MessageSizeExceeded,
    MessagingEntityDisabled,
    QuotaExceeded,
    ServiceBusy,
    ServiceTimeout,
    ServiceCommunicationProblem,
    SessionCannotBeLocked,
    SessionLockLost,
    MessagingEntityAlreadyExists,
}
