using System.Text;
using System.Text.Json;
using CloudPipe.Webhooks;

namespace CloudPipe.Shared.Tests.Webhooks;

public class WebhookSignerTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_614_265_330);
    private static readonly byte[] _body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    [Fact]
    public void It_signs_as_the_specification_s_example() =>
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookSigner.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", _now, _body, [Secret]));

    [Fact]
    public void It_signs_as_the_npm_package_standardwebhooks()
    {
        // Made by `new Webhook(secret).sign(id, date, body)` of the version that the file names; never made anew by this code.
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Webhooks", "standardwebhooks.json")));
        JsonElement[] vectors = [.. file.RootElement.GetProperty("vectors").EnumerateArray()];

        Assert.Equal(15, vectors.Length);
        Assert.All(vectors, vector => Assert.Equal(
            vector.GetProperty("signature").GetString(),
            WebhookSigner.Sign(
                vector.GetProperty("id").GetString()!,
                DateTimeOffset.FromUnixTimeSeconds(vector.GetProperty("timestamp").GetInt64()),
                Encoding.UTF8.GetBytes(vector.GetProperty("body").GetString()!),
                [vector.GetProperty("secret").GetString()!])));
    }

    [Fact]
    public void Every_secret_signs_and_any_of_them_verifies()
    {
        string other = WebhookSigner.CreateSecret();

        string signatures = WebhookSigner.Sign("id", _now, _body, [Secret, other]);

        Assert.Equal(2, signatures.Split(' ').Length);
        Assert.True(Verify(signatures, [other]));
        Assert.True(Verify(signatures, [Secret]));
        Assert.False(Verify(signatures, [WebhookSigner.CreateSecret()]));
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void A_timestamp_is_good_for_five_minutes_either_way(int seconds, bool verified) =>
        Assert.Equal(verified, WebhookSigner.Verify("id", WebhookSigner.Seconds(_now), Sign(), _body, [Secret], _now.AddSeconds(seconds)));

    [Fact]
    public void A_change_to_id_time_or_body_is_seen()
    {
        string seconds = WebhookSigner.Seconds(_now);

        Assert.True(WebhookSigner.Verify("id", seconds, Sign(), _body, [Secret], _now));
        Assert.False(WebhookSigner.Verify("ie", seconds, Sign(), _body, [Secret], _now));
        Assert.False(WebhookSigner.Verify("id", WebhookSigner.Seconds(_now.AddSeconds(1)), Sign(), _body, [Secret], _now));
        Assert.False(WebhookSigner.Verify("id", seconds, Sign(), [.. _body, 32], [Secret], _now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1,")]
    [InlineData("v1,not base64")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v1,AAAA")]
    public void What_is_no_signature_verifies_nothing(string signatures) => Assert.False(Verify(signatures, [Secret]));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    public void What_is_no_timestamp_verifies_nothing(string timestamp) =>
        Assert.False(WebhookSigner.Verify("id", timestamp, Sign(), _body, [Secret], _now));

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_AAAA")]
    [InlineData("whsec_!!!!")]
    public void A_secret_of_the_wrong_form_is_refused_without_being_told(string secret)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => WebhookSigner.Sign("id", _now, _body, [secret]));
        Assert.True(secret.Length < 8 || !exception.Message.Contains(secret, StringComparison.Ordinal));
    }

    private static string Sign() => WebhookSigner.Sign("id", _now, _body, [Secret]);

    private static bool Verify(string signatures, string[] secrets) =>
        WebhookSigner.Verify("id", WebhookSigner.Seconds(_now), signatures, _body, secrets, _now);
}
