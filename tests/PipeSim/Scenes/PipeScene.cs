using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>The pipe and the camera without any defect: everything that varies harmlessly from video to video.</summary>
public sealed record PipeScene
{
    public required ulong Seed { get; init; }

    public required PipeMaterial Material { get; init; }

    /// <summary>Inner radius, in metres.</summary>
    public required float Radius { get; init; }

    public required Vector3 WallColour { get; init; }

    /// <summary>Contrast of the wall's texture, 0..1.</summary>
    public required float Roughness { get; init; }

    /// <summary>Darkening by slime up to this height above the invert, in radii.</summary>
    public required float SlimeHeight { get; init; }

    public required float SlimeStrength { get; init; }

    /// <summary>Depth of the water over the invert, in radii; 0 is dry.</summary>
    public required float WaterDepth { get; init; }

    public required Vector3 WaterColour { get; init; }

    /// <summary>Metres per second towards the camera.</summary>
    public required float WaterSpeed { get; init; }

    public required float JointSpacing { get; init; }

    public required float JointPhase { get; init; }

    public required float JointDarkness { get; init; }

    public required float LampGain { get; init; }

    /// <summary>Distance at which the lamp's light has fallen to half, in radii.</summary>
    public required float LampRange { get; init; }

    /// <summary>How much darker the edge of the beam is.</summary>
    public required float LampNarrowness { get; init; }

    public required Vector2 LampCentre { get; init; }

    public required Vector3 ColourCast { get; init; }

    /// <summary>Standard deviation of the sensor's noise at 240 lines, in grey levels.</summary>
    public required float SensorNoise { get; init; }

    public required float ShutterSeconds { get; init; }

    public required IReadOnlyList<Stain> Stains { get; init; }

    /// <summary>Droplets that hang still: they look like leaking water until one sees that they do not move.</summary>
    public required bool HangingDroplets { get; init; }

    public required float HangingDropletsMetres { get; init; }

    public required CounterOverlay Overlay { get; init; }

    public required CameraPath Camera { get; init; }

    /// <param name="seed">All choices follow from it.</param>
    /// <param name="classes">Scum and undulation need water to be seen.</param>
    /// <param name="durationSeconds">Length of the camera's path.</param>
    public static PipeScene FromSeed(ulong seed, IReadOnlyCollection<int> classes, double durationSeconds)
    {
        var random = new HashRandom(seed);
        var material = random.Pick<PipeMaterial>([PipeMaterial.Concrete, PipeMaterial.Concrete, PipeMaterial.Plastic, PipeMaterial.VitrifiedClay]);
        var radius = random.Pick<float>([0.15f, 0.2f, 0.25f, 0.3f, 0.4f]);
        var brightness = random.Between(0.8f, 1.2f);
        var cast = new Vector3(random.Between(0.88f, 1.12f), random.Between(0.94f, 1.06f), random.Between(0.85f, 1.15f));
        var wet = random.NextSingle();
        // Scum floats and an undulation holds water, so both need some; no depth may give them away, so the ranges are shared.
        var waterDepth = random.Between(0.06f, 0.35f);
        if (classes.Contains(DefectClass.Scum)) waterDepth = MathF.Max(waterDepth, 0.15f);
        else if (classes.Contains(DefectClass.Undulation)) waterDepth *= 0.5f;
        else if (wet < 0.3f) waterDepth = 0;

        var camera = new CameraPath(ref random, radius, durationSeconds);
        var travelled = camera.Metres(durationSeconds);
        var stains = new Stain[random.NextInteger(5) + (int)(travelled / (8 * radius))];
        for (var i = 0; i < stains.Length; i++)
        {
            stains[i] = new(
                random.Between(-0.5f, 0.5f),
                random.Between(0, travelled + 6 * radius),
                random.Between(0.03f, 0.12f),
                radius * random.Between(0.3f, 1.2f),
                random.Pick<Vector3>([new(0.25f, 0.22f, 0.18f), new(0.85f, 0.85f, 0.8f), new(0.45f, 0.3f, 0.15f), new(0.3f, 0.35f, 0.25f)]),
                random.Between(0.25f, 0.6f),
                random.Between(0, 256));
        }

        return new PipeScene
        {
            Seed = seed,
            Material = material,
            Radius = radius,
            WallColour = brightness * material switch
            {
                PipeMaterial.Concrete => PortableMath.Mix(new Vector3(0.56f, 0.54f, 0.5f), new(0.6f, 0.53f, 0.42f), random.NextSingle()),
                PipeMaterial.Plastic => random.Pick<Vector3>([new(0.62f, 0.36f, 0.2f), new(0.6f, 0.62f, 0.62f), new(0.36f, 0.48f, 0.4f), new(0.26f, 0.27f, 0.29f)]),
                _ => PortableMath.Mix(new Vector3(0.5f, 0.28f, 0.18f), new(0.55f, 0.38f, 0.24f), random.NextSingle()),
            },
            Roughness = material switch
            {
                PipeMaterial.Concrete => random.Between(0.55f, 1f),
                PipeMaterial.Plastic => random.Between(0.12f, 0.35f),
                _ => random.Between(0.3f, 0.6f),
            },
            SlimeHeight = random.Between(0.1f, 0.6f),
            SlimeStrength = random.Between(0.1f, 0.6f),
            WaterDepth = waterDepth,
            WaterColour = random.Pick<Vector3>([new(0.2f, 0.17f, 0.12f), new(0.16f, 0.17f, 0.14f), new(0.22f, 0.22f, 0.2f), new(0.12f, 0.13f, 0.1f)]),
            WaterSpeed = random.Between(0.02f, 0.25f),
            JointSpacing = random.Between(1f, 2.5f),
            JointPhase = random.NextSingle(),
            JointDarkness = random.Between(0.3f, 0.8f),
            LampGain = random.Between(0.9f, 1.6f) * (camera.QuickView ? 1.2f : 1f),
            LampRange = camera.QuickView ? random.Between(5f, 10f) : random.Between(2f, 3.8f),
            LampNarrowness = random.Between(0.1f, 0.45f),
            LampCentre = new(random.Between(-0.12f, 0.12f), random.Between(-0.12f, 0.12f)),
            ColourCast = cast,
            SensorNoise = random.Between(1f, 5f),
            ShutterSeconds = random.Pick<float>([0.01f, 0.02f, 0.04f]),
            Stains = stains,
            // Leakage is in 2 videos of 100: most drops in a still picture are harmless.
            HangingDroplets = random.Chance(0.2f),
            HangingDropletsMetres = random.Between(1.2f * radius, travelled + 4 * radius),
            Overlay = NextOverlay(ref random),
            Camera = camera,
        };
    }

    private static CounterOverlay NextOverlay(ref HashRandom random) => new(
        random.Chance(0.85f),
        random.Chance(0.5f),
        random.Pick<string>(["", "L:", "DIST ", "D="]),
        random.Between(0, 60),
        new DateTime(2012, 1, 1).AddSeconds(random.NextInteger(10 * 365 * 24 * 3600)),
        random.Pick<string>(["WS", "YS", "A", "PIPE "]) + random.NextInteger(900) + "-" + random.NextInteger(900),
        random.Between(0.9f, 1.5f),
        random.Chance(0.25f));
}
