using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Runs;

namespace CloudPipe.Benchmarks.Ablation;

/// <summary>What a study is made with.</summary>
/// <param name="Clips">A folder with the folders <c>train</c> and <c>heldout</c> of <c>pipesim dataset</c>.</param>
/// <param name="Work">Where data sets and predictions are kept: a study that is stopped goes on from there.</param>
/// <param name="Architecture">The network.</param>
/// <param name="TileSize">Width and height of a tile in pixels.</param>
/// <param name="Seeds">So many seeds, from 1.</param>
/// <param name="Recipe">The recipe that the variants differ from.</param>
internal sealed record AblationSettings(string Clips, string Work, string Architecture, int TileSize, int Seeds, TrainingRecipe Recipe)
{
    /// <summary>Hands the settings to a worker process.</summary>
    public string ToText() => JsonSerializer.Serialize(this, CloudPipeJson.Options);

    /// <summary>Reads what <see cref="ToText"/> writes.</summary>
    public static AblationSettings Parse(string text) => JsonSerializer.Deserialize<AblationSettings>(text, CloudPipeJson.Options)!;
}
