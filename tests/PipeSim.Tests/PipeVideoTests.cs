using System.Security.Cryptography;

namespace CloudPipe.PipeSim.Tests;

public sealed class PipeVideoTests
{
    private static readonly VideoSettings Settings = new();

    public static TheoryData<int> DefectClasses => new(Enumerable.Range(1, 16));

    [Fact]
    public void A_seed_gives_the_same_bits_again()
    {
        var first = PipeVideo.FromSeed(42, Settings);
        var again = PipeVideo.FromSeed(42, Settings);
        Assert.Equal(first.Labels, again.Labels);
        Assert.Equal(first.Events, again.Events);
        Assert.Equal(Frame(first, 3.3), Frame(again, 3.3));
    }

    [Fact]
    public void Seeds_give_different_videos() =>
        Assert.NotEqual(Frame(PipeVideo.WithClasses(1, [], Settings), 1), Frame(PipeVideo.WithClasses(2, [], Settings), 1));

    [Fact]
    public void All_classes_together_give_the_known_bits()
    {
        // One frame with every shape in it: a change of this value changes every dataset that a seed names.
        var video = PipeVideo.WithClasses(2026, Enumerable.Range(1, 16), Settings);
        var hash = SHA256.HashData([.. Enumerable.Range(0, 10).SelectMany(second => Frame(video, second, 160, 120))]);
        Assert.Equal("6AACD8F06EBCE11223247FCAC3A274BC70F31227", Convert.ToHexString(hash)[..40]);
    }

    [Fact]
    public void Frames_do_not_depend_on_the_number_of_threads_or_their_order()
    {
        var videos = Enumerable.Range(0, 4).Select(i => PipeVideo.FromSeed((ulong)i + 50, Settings)).ToArray();
        var alone = new byte[32][];
        for (var i = 0; i < alone.Length; i++) alone[i] = Frame(videos[i % 4], i * 0.3);
        var together = new byte[32][];
        Parallel.For(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => together[^(i + 1)] = Frame(videos[(31 - i) % 4], (31 - i) * 0.3));
        for (var i = 0; i < alone.Length; i++) Assert.Equal(alone[i], together[i]);
    }

    [Theory]
    [MemberData(nameof(DefectClasses))]
    public void Every_class_can_be_seen(int classIndex)
    {
        for (ulong seed = 0; seed < 8; seed++)
        {
            var with = PipeVideo.WithClasses(seed, [classIndex], Settings);
            var without = with.Without(classIndex);
            var seen = with.Events.Single();
            var share = Enumerable.Range(0, 9)
                .Select(i => seen.OnsetSeconds + seen.DurationSeconds * (i + 0.5) / 9)
                .Max(seconds => ChangedShare(Frame(with, seconds), Frame(without, seconds)));
            Assert.True(share > 0.002, $"{seen.Code} of seed {seed} changes {share:p2} of the pixels at best.");
        }
    }

    [Theory]
    [MemberData(nameof(DefectClasses))]
    public void A_clip_shows_its_event_in_two_of_nine_sampled_frames(int classIndex)
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            var video = PipeVideo.WithClasses(seed, [classIndex], Settings);
            var seen = video.Events.Single();
            Assert.True(
                Visibility.SampledFramesThatShow(video.Scene, seen.StartMetres, seen.EndMetres, video.Duration) >= 2,
                $"{seen.Code} of seed {seed} is visible from {seen.OnsetSeconds} for {seen.DurationSeconds} s only.");
        }
    }

    [Fact]
    public void Clips_with_several_defects_show_each_in_two_of_nine_sampled_frames()
    {
        for (ulong seed = 0; seed < 400; seed++)
        {
            var video = PipeVideo.FromSeed(seed, Settings);
            Assert.All(video.Events, seen =>
                Assert.True(Visibility.SampledFramesThatShow(video.Scene, seen.StartMetres, seen.EndMetres, video.Duration) >= 2));
        }
    }

    [Fact]
    public void Leakage_shows_by_motion_alone()
    {
        var scene = PipeVideo.WithClasses(5, [], Settings).Scene;
        var geometry = new PipeGeometry(scene, [], []);
        var place = scene.Camera.Metres(4) + 2.2f * scene.Radius;
        var look = new PipeEvent(DefectClass.Leakage, 0, 0, 1, 0.8f, place - 0.05f, place + 0.05f, 99);
        var moving = new Leakage(look, scene, moves: true);
        var still = new Leakage(look, scene, moves: false) { FrozenAtSeconds = 4 };

        Assert.Equal(Drawn(moving, 4), Drawn(still, 4));
        Assert.NotEqual(Drawn(moving, 4.4), Drawn(still, 4.4));

        System.Numerics.Vector3[] Drawn(Leakage leakage, double seconds)
        {
            var canvas = new FrameCanvas();
            canvas.Begin(scene, geometry, seconds, 160, 120, 4f / 3);
            Array.Fill(canvas.Depth, canvas.Farthest);
            leakage.Draw(canvas);
            Assert.Contains(canvas.Colour, colour => colour.X > 0);
            return canvas.Colour;
        }
    }

    [Fact]
    public void Labels_are_the_classes_of_the_events()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var video = PipeVideo.FromSeed(seed, Settings);
            Assert.Equal(video.Labels.Where(label => label != 0), video.Events.Select(e => e.ClassIndex).Distinct().Order());
            Assert.All(video.Events, e => Assert.InRange(e.OnsetSeconds + e.DurationSeconds, e.OnsetSeconds + 0.5, video.Duration));
        }
    }

    [Fact]
    public void A_survey_meets_its_classes_again_and_again()
    {
        var video = PipeVideo.WithClasses(9, [1, 5], new() { DurationSeconds = 100 });
        Assert.Equal(8, video.Events.Count);
        Assert.True(video.Events.Last().OnsetSeconds - video.Events[0].OnsetSeconds > 50);
    }

    [Fact]
    public void Normal_with_a_defect_is_refused() =>
        Assert.Throws<ArgumentException>(() => PipeVideo.WithClasses(1, [0, 3], Settings));

    [Fact]
    public void A_class_beyond_the_list_is_refused() =>
        Assert.Throws<ArgumentException>(() => PipeVideo.WithClasses(1, [17], Settings));

    [Fact]
    public void A_buffer_of_the_wrong_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => PipeVideo.WithClasses(1, [], Settings).RenderFrame(0, new byte[10], 96, 96));

    private static byte[] Frame(PipeVideo video, double seconds, int width = 96, int height = 96)
    {
        var rgb = new byte[width * height * 3];
        video.RenderFrame(seconds, rgb, width, height);
        return rgb;
    }

    private static double ChangedShare(byte[] a, byte[] b)
    {
        var changed = 0;
        for (var i = 0; i < a.Length; i += 3)
        {
            if (Math.Abs(a[i] - b[i]) + Math.Abs(a[i + 1] - b[i + 1]) + Math.Abs(a[i + 2] - b[i + 2]) > 24) changed++;
        }

        return changed / (a.Length / 3.0);
    }
}
