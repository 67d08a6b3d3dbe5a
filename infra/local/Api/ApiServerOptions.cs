using System.ComponentModel.DataAnnotations;
using System.Net;

namespace CloudPipe.Local.Api;

/// <summary>Section <c>CloudPipe:Api</c>: where the single-machine host serves the HTTP API.</summary>
public sealed class ApiServerOptions : IValidatableObject
{
    /// <summary>The shortest key, in characters: nobody guesses as many random ones.</summary>
    private const int ShortestKey = 16;

    /// <summary>Where the API is served, for example <c>http://127.0.0.1:7071</c>; empty for not at all. For other machines put a server with TLS in front.</summary>
    /// <value>Empty by default.</value>
    public string Url { get; set; } = "";

    /// <summary>Keys that the API asks for, as the header <c>x-functions-key</c> or the parameter <c>code</c>; without any, and on a loopback address alone, it asks for none.</summary>
    /// <value>At least 16 characters each.</value>
    public IList<string> Keys { get; set; } = [];

    /// <summary>Whether the API is served.</summary>
    internal bool IsServed => Url.Length > 0;

    /// <summary>Whether only this machine can ask.</summary>
    internal bool IsLoopback => Uri.TryCreate(Url, UriKind.Absolute, out Uri? url) && url.IsLoopback;

    /// <summary>Where to listen.</summary>
    internal IPEndPoint EndPoint
    {
        get
        {
            var url = new Uri(Url);
            IPAddress address = IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? literal) ? literal : IPAddress.Loopback;
            return new IPEndPoint(address, url.Port);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsServed && !(Uri.TryCreate(Url, UriKind.Absolute, out Uri? url) && url is { Scheme: "http", PathAndQuery: "/", UserInfo: "" }
            && (url.Host == "localhost" || IPAddress.TryParse(url.Host.Trim('[', ']'), out _))))
        {
            yield return new ValidationResult("It must be http, localhost or an IP address, and a port: for example http://127.0.0.1:7071, or http://0.0.0.0:7071 for every address.", [nameof(Url)]);
        }
        else if (IsServed && !IsLoopback && Keys.Count == 0)
        {
            yield return new ValidationResult("Other machines can reach this address, so that Api:Keys must have a key. Set one, or serve the API at http://127.0.0.1:7071.", [nameof(Url)]);
        }

        // The values are secrets: the complaint must not quote them.
        if (Keys.Any(key => key.Length < ShortestKey || key.Any(character => character is <= ' ' or > '~')))
        {
            yield return new ValidationResult($"Api:Keys has a key of fewer than {ShortestKey} characters, or with spaces or characters beyond ASCII. Make one with 'openssl rand -hex 24'.");
        }
    }
}
