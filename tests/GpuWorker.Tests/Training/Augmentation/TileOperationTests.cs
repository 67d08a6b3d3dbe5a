using System.Security.Cryptography;
using System.Text.Json;
using CloudPipe.GpuWorker.Training.Augmentation;
using CloudPipe.Messages;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Training.Augmentation;

/// <summary>Against torchvision's own bytes: torchvision_tiles.py made the numbers.</summary>
public sealed class TileOperationTests
{
    private const int Size = 24;

    private static readonly TorchvisionTiles Reference = JsonSerializer.Deserialize<TorchvisionTiles>(
        File.ReadAllBytes(Path.Combine(Repository.Root, "tests/GpuWorker.Tests/Training/Augmentation/torchvision_tiles.json")), CloudPipeJson.Options)!;

    public static TheoryData<string, int, int, double> Cases()
    {
        var cases = new TheoryData<string, int, int, double>();
        foreach (TorchvisionTile tile in Reference.Tiles)
            cases.Add(tile.Kind, tile.Number, tile.Count, tile.Magnitude);

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_bytes_are_torchvision_s(string kind, int number, int count, double magnitude)
    {
        TileOperationKind operationKind = Enum.Parse<TileOperationKind>(kind);
        TileOperation operation = count == 0
            ? new TileOperation(operationKind, magnitude)
            : MagnitudeScale.Operation(operationKind, number, count, Size, isNegative: magnitude < 0);
        byte[] tile = Tile();

        operation.Apply(tile, Size);

        Assert.Equal(magnitude, operation.Magnitude);
        Assert.Equal(
            Reference.Tiles.Single(entry => (entry.Kind, entry.Number, entry.Count, entry.Magnitude) == (kind, number, count, magnitude)).Sha256,
            Convert.ToHexStringLower(SHA256.HashData(tile)));
    }

    [Fact]
    public void AutoAugment_s_policy_is_torchvision_s() => Assert.Equal(
        Reference.ImageNet.Select(pair => pair.Select(step => (Enum.Parse<TileOperationKind>(step.Kind), step.Probability, step.Magnitude)).ToArray()),
        AutoAugmentPolicy.ImageNet.Select(pair => new[] { pair.First, pair.Second }.Select(step => (step.Kind, step.Probability, step.Magnitude)).ToArray()));

    [Theory]
    [InlineData("Identity")]
    [InlineData("ShearX")]
    [InlineData("ShearY")]
    [InlineData("TranslateX")]
    [InlineData("TranslateY")]
    [InlineData("Rotate")]
    [InlineData("Brightness")]
    [InlineData("Color")]
    [InlineData("Contrast")]
    [InlineData("Sharpness")]
    [InlineData("Hue")]
    public void No_magnitude_leaves_the_very_bytes(string kind)
    {
        byte[] tile = Tile();

        new TileOperation(Enum.Parse<TileOperationKind>(kind)).Apply(tile, Size);

        Assert.Equal(Tile(), tile);
    }

    [Theory]
    [InlineData("AutoContrast")]
    [InlineData("Equalize")]
    public void A_tile_of_one_color_stays_as_it_is(string kind)
    {
        byte[] tile = [.. Enumerable.Repeat<byte[]>([10, 20, 30], Size * Size).SelectMany(pixel => pixel)];

        new TileOperation(Enum.Parse<TileOperationKind>(kind)).Apply(tile, Size);

        Assert.All(tile.Chunk(3), pixel => Assert.Equal([10, 20, 30], pixel));
    }

    [Fact]
    public void A_quarter_turn_is_counter_clockwise()
    {
        byte[] tile = Tile();

        new TileOperation(TileOperationKind.Rotate, 90).Apply(tile, Size);

        byte[] original = Tile();
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
                Assert.Equal(original[((column * Size) + Size - 1 - row) * 3], tile[((row * Size) + column) * 3]);
        }
    }

    private static byte[] Tile() =>
    [
        .. from y in Enumerable.Range(0, Size)
           from x in Enumerable.Range(0, Size)
           from c in Enumerable.Range(0, 3)
           select (byte)((((3 * x * x) + (7 * y * (c + 1)) + (5 * x * y * c) + (40 * c)) % 223) + 16),
    ];

    private sealed record TorchvisionTiles(IReadOnlyList<TorchvisionTile> Tiles, IReadOnlyList<IReadOnlyList<TorchvisionStep>> ImageNet);

    private sealed record TorchvisionTile(string Kind, int Number, int Count, double Magnitude, string Sha256);

    private sealed record TorchvisionStep(string Kind, double Probability, int Magnitude);
}
