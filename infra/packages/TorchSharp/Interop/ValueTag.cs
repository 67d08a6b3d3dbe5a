namespace TorchSharp.Interop;

/// <summary>What a value holds; the numbers are those of the enum Tag in TorchSharpNative.cpp.</summary>
internal enum ValueTag
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    String = 5,
    IntList = 6,
    DoubleList = 7,
    BoolList = 8,
    TensorList = 9,
    Device = 10,
    Generator = 11,
    Complex = 12,
}
