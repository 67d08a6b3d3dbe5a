namespace CloudPipe.Webhooks;

/// <summary>How an attempt to deliver an event ended.</summary>
public enum DeliveryOutcome
{
    /// <summary>The receiver took it (2xx).</summary>
    Delivered,

    /// <summary>It failed, and another attempt is scheduled.</summary>
    Retrying,

    /// <summary>It failed, and no attempt follows; the event is kept for replay.</summary>
    Failed,

    /// <summary>The receiver is gone (410): the endpoint is disabled.</summary>
    EndpointDisabled,
}
