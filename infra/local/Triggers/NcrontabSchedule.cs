using System.Globalization;

namespace CloudPipe.Local.Triggers;

/// <summary>
/// A timer trigger's schedule as Azure Functions writes it: six NCRONTAB fields (second, minute, hour, day of month,
/// month, day of week; UTC), each <c>*</c>, a number, a range, a list, or any of these with a <c>/step</c>.
/// </summary>
public sealed class NcrontabSchedule
{
    private static readonly (string Name, int First, int Last)[] _fields =
        [("second", 0, 59), ("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 6)];

    /// <summary>A schedule that fits no date within this many years fits none (29 February recurs within eight).</summary>
    private const int LongestWaitYears = 8;

    private readonly bool[][] _allowed;

    private NcrontabSchedule(bool[][] allowed) => _allowed = allowed;

    /// <summary>Reads a schedule.</summary>
    /// <param name="expression">Six fields, for example <c>0 */5 * * * *</c>.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="FormatException">It is no such expression; the message says which field.</exception>
    public static NcrontabSchedule Parse(string expression)
    {
        string[] parts = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == _fields.Length
            ? new NcrontabSchedule([.. parts.Select((part, index) => ParseField(expression, part, index))])
            : throw new FormatException($"The schedule '{expression}' has {parts.Length} fields; six are needed: second minute hour day month day-of-week.");
    }

    /// <summary>The next moment of the schedule.</summary>
    /// <param name="after">The moment before it.</param>
    /// <returns>The first moment later than <paramref name="after"/>, in UTC.</returns>
    /// <exception cref="InvalidOperationException">No date fits.</exception>
    public DateTimeOffset NextAfter(DateTimeOffset after)
    {
        DateTime last = after.UtcDateTime.AddYears(LongestWaitYears);
        DateTime moment = after.UtcDateTime.AddTicks(-(after.UtcTicks % TimeSpan.TicksPerSecond)).AddSeconds(1);
        while (moment <= last)
        {
            if (!_allowed[4][moment.Month] || !_allowed[3][moment.Day] || !_allowed[5][(int)moment.DayOfWeek])
            {
                moment = moment.Date.AddDays(1);
            }
            else if (!_allowed[2][moment.Hour])
            {
                moment = moment.Date.AddHours(moment.Hour + 1);
            }
            else if (!_allowed[1][moment.Minute])
            {
                moment = moment.Date.AddHours(moment.Hour).AddMinutes(moment.Minute + 1);
            }
            else if (!_allowed[0][moment.Second])
            {
                moment = moment.AddSeconds(1);
            }
            else
            {
                return new DateTimeOffset(moment, TimeSpan.Zero);
            }
        }

        throw new InvalidOperationException($"No date within {LongestWaitYears} years fits the schedule.");
    }

    private static bool[] ParseField(string expression, string field, int index)
    {
        (string name, int first, int last) = _fields[index];
        bool[] allowed = new bool[last + 1];
        foreach (string item in field.Split(','))
        {
            string[] stepped = item.Split('/');
            int[] bounds = stepped[0] == "*" ? [first, last] : [.. stepped[0].Split('-').Select(Number)];
            int step = stepped.Length == 2 ? Number(stepped[1]) : 1;

            // '5/15' means from 5 to the end, by 15.
            int end = bounds.Length == 2 ? bounds[1] : stepped.Length == 2 ? last : bounds[0];
            if (stepped.Length > 2 || bounds.Length > 2 || step < 1 || bounds[0] < first || end > last || bounds[0] > end)
            {
                throw Wrong();
            }

            for (int value = bounds[0]; value <= end; value += step)
            {
                allowed[value] = true;
            }
        }

        return allowed;

        int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Wrong();

        FormatException Wrong() => new($"'{field}' is no {name} ({first} to {last}) in the schedule '{expression}'.");
    }
}
