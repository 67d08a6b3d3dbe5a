namespace CloudPipe.Events;

/// <summary>Keeps what people wrote from filling an event.</summary>
internal static class EventText
{
    /// <summary>Cuts a text that is too long, never between the halves of a surrogate pair, which no JSON writer would take.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">How many characters stay.</param>
    /// <returns>The text, or its beginning and an ellipsis.</returns>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)] + "…";
}
