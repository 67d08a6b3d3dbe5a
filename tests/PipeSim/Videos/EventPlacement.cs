namespace CloudPipe.PipeSim;

/// <summary>Places the defects along the pipe so that the camera meets each of them at its own time.</summary>
public static class EventPlacement
{
    private const int Attempts = 60;

    // A long survey meets each of its classes about this often.
    private const double SecondsPerInstance = 25;

    public static IReadOnlyList<PipeEvent> Place(ulong seed, PipeScene scene, IReadOnlyCollection<int> classes, double durationSeconds)
    {
        var random = new HashRandom(seed);
        var instances = Math.Max(1, (int)(durationSeconds / SecondsPerInstance));
        var order = classes.Where(c => c != DefectClass.Normal).Order().SelectMany(c => Enumerable.Repeat(c, instances)).ToArray();
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = random.NextInteger(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        var events = new List<PipeEvent>();
        for (var slot = 0; slot < order.Length; slot++)
        {
            events.Add(Next(ref random, scene, DefectClass.All[order[slot]], slot, order.Length, durationSeconds, events));
        }

        return [.. events.OrderBy(e => e.OnsetSeconds).ThenBy(e => e.ClassIndex)];
    }

    private static PipeEvent Next(
        ref HashRandom random, PipeScene scene, DefectClass defect, int slot, int slots, double durationSeconds, List<PipeEvent> others)
    {
        var severity = random.Between(0.25f, 1);
        var half = scene.Radius * PortableMath.Mix(defect.ShortestHalfLength, defect.LongestHalfLength, severity);
        var clock = Clock(ref random, defect.Index);
        float bestStart = 0;
        var bestScore = double.MinValue;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // After a while the time of the meeting is free: a stop of the camera may leave a slot too short.
            var share = attempt < Attempts / 2 ? (slot + 0.15 + 0.7 * random.NextSingle()) / slots : random.NextSingle();
            var meeting = durationSeconds * Math.Clamp(share, 0.08, 0.92);
            var ring = 1 / random.Between(1 / 0.8f, 1 / 0.42f);
            var middle = scene.Camera.Metres(meeting) + scene.Camera.Focal(meeting) * scene.Radius / ring;
            var crowded = defect.StandsAtJoint && others.Any(e => DefectClass.All[e.ClassIndex].StandsAtJoint
                && MathF.Abs(e.MiddleMetres - middle) < 0.9f * scene.Radius);
            var frames = Visibility.SampledFramesThatShow(scene, middle - half, middle + half, durationSeconds);
            var score = Math.Min(frames, Visibility.FramesThatShowIt) - (crowded ? 0.5 : 0);
            if (score <= bestScore) continue;
            (bestScore, bestStart) = (score, middle - half);
            if (score >= Visibility.FramesThatShowIt) break;
        }

        var interval = Visibility.Interval(scene, bestStart, bestStart + 2 * half, durationSeconds) ?? (0, 0);
        return new(
            defect.Index, Math.Round(interval.First, 3), Math.Round(interval.Last - interval.First, 3),
            clock, severity, bestStart, bestStart + 2 * half, random.NextBits());
    }

    private static float Clock(ref HashRandom random, int classIndex)
    {
        var hours = classIndex switch
        {
            DefectClass.Deposit or DefectClass.Scum or DefectClass.Undulation => 6,
            DefectClass.Obstacle => random.Between(5, 7),
            DefectClass.Encrustation or DefectClass.Roots or DefectClass.Fracture => random.Between(-4, 4),
            DefectClass.Corrosion => random.Between(-1.5f, 1.5f),
            DefectClass.ConcealedLateral => random.Between(1, 4) * (random.Chance(0.5f) ? 1 : -1),
            DefectClass.ResidualWall => 6 + random.Between(-1.5f, 1.5f),
            DefectClass.Leakage => random.Between(-2.5f, 2.5f),
            DefectClass.JointMaterialLoss => random.Between(-2, 2),
            DefectClass.ForeignIntrusion => random.Between(7, 11),
            _ => random.Between(0, 12),
        };
        return MathF.Round((hours + 12) % 12 * 100) / 100;
    }
}
