namespace CloudPipe.PipeSim;

/// <summary>The text that the recorder burns into the picture.</summary>
/// <param name="Visible">Some recorders write nothing.</param>
/// <param name="CounterOnTop">The distance counter stands in the top line and the date in the bottom line, or the other way round.</param>
/// <param name="CounterPrefix">What stands before the metres.</param>
/// <param name="CounterStartMetres">The counter's value at the start.</param>
/// <param name="Start">The recorder's clock at the start.</param>
/// <param name="Title">Section name.</param>
/// <param name="PixelsPer240Lines">Size of a font pixel, in pixels of a picture of 240 lines.</param>
/// <param name="Yellow">Yellow letters, otherwise white ones.</param>
public sealed record CounterOverlay(
    bool Visible,
    bool CounterOnTop,
    string CounterPrefix,
    float CounterStartMetres,
    DateTime Start,
    string Title,
    float PixelsPer240Lines,
    bool Yellow);
