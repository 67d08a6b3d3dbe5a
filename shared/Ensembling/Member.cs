using System.Text.Json.Serialization;
using CloudPipe.Methods;

namespace CloudPipe.Ensembling;

/// <summary>One network of an ensemble.</summary>
/// <param name="Architecture">By its catalog name, for example <c>convnext_atto</c>.</param>
/// <param name="Fold">The fold that was held out when it was trained, from 0.</param>
/// <param name="Weights">Its weights' blob name in the releases container.</param>
/// <param name="TileSize">Width and height in pixels of a tile of its super-image.</param>
/// <param name="Weight">The model's weight in the ensemble; folds of one architecture are averaged and share it.</param>
public sealed record Member(string Architecture, int Fold, string Weights, int TileSize, double Weight)
{
    /// <summary>The method that it was trained with, and scores with; <see langword="null"/> for super-images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MemberMethod? Method { get; init; }
}
