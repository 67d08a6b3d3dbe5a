using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Api;

/// <summary>A function that HTTP requests call.</summary>
/// <param name="Function">The function's name.</param>
/// <param name="Method">The method that is called.</param>
/// <param name="Trigger">Its trigger.</param>
public sealed record ApiRoute(string Function, MethodInfo Method, HttpTriggerAttribute Trigger)
{
    private readonly TemplateMatcher _matcher = new(TemplateParser.Parse(Trigger.Route!), []);

    /// <summary>The path's template, without a slash before it; host.json adds no prefix.</summary>
    public string Template => Trigger.Route!;

    /// <summary>The HTTP methods, upper case.</summary>
    public IReadOnlyList<string> Methods { get; } = [.. Trigger.Methods!.Select(method => method.ToUpperInvariant())];

    /// <summary>Whether it answers for whatever path no other route has.</summary>
    public bool IsCatchAll => Template.Contains("{*", StringComparison.Ordinal);

    /// <summary>Compares a path with the template.</summary>
    /// <param name="path">A request's path.</param>
    /// <returns>What the template's parameters stand for, or <see langword="null"/> when the path does not fit.</returns>
    public RouteValueDictionary? Match(PathString path)
    {
        var values = new RouteValueDictionary();
        return _matcher.TryMatch(path, values) ? values : null;
    }
}
