using System.Globalization;
using CloudPipe.Local.Triggers;

namespace CloudPipe.Local.Tests.Triggers;

public sealed class NcrontabScheduleTests
{
    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-01T12:00:00Z", "2026-03-01T12:05:00Z")]
    [InlineData("0 */5 * * * *", "2026-03-01T12:04:59.9Z", "2026-03-01T12:05:00Z")]
    [InlineData("*/20 * * * * *", "2026-03-01T12:00:01Z", "2026-03-01T12:00:20Z")]
    [InlineData("0 30 9 * * 1-5", "2026-03-06T10:00:00Z", "2026-03-09T09:30:00Z")]
    [InlineData("0 0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("15,45 10 8 1 1,7 *", "2026-01-01T08:10:15Z", "2026-01-01T08:10:45Z")]
    [InlineData("0 5/15 * * * *", "2026-03-01T12:51:00Z", "2026-03-01T13:05:00Z")]
    public void Finds_the_next_moment(string expression, string after, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture),
        NcrontabSchedule.Parse(expression).NextAfter(DateTimeOffset.Parse(after, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("*/5 * * * *", "six")]
    [InlineData("60 * * * * *", "second")]
    [InlineData("0 5-2 * * * *", "minute")]
    [InlineData("0 0 0 0 * *", "day of month")]
    [InlineData("0 0 x * * *", "hour")]
    [InlineData("0 */0 * * * *", "minute")]
    public void Says_what_is_wrong(string expression, string word) =>
        Assert.Contains(word, Assert.Throws<FormatException>(() => NcrontabSchedule.Parse(expression)).Message);

    [Fact]
    public void Refuses_a_date_that_never_comes() => Assert.Throws<InvalidOperationException>(
        () => NcrontabSchedule.Parse("0 0 0 31 2 *").NextAfter(DateTimeOffset.UnixEpoch));
}
