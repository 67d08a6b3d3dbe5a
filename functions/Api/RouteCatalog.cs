using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Api;

/// <summary>The functions that HTTP requests call, by their attributes.</summary>
public sealed class RouteCatalog
{
    /// <summary>Reads an assembly.</summary>
    /// <param name="assembly">The assembly that holds the functions.</param>
    public RouteCatalog(Assembly assembly) => Routes =
    [
        .. from type in assembly.GetExportedTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(attribute => attribute is not null)
           where function is not null && trigger is not null
           let route = new ApiRoute(function.Name, method, trigger)
           orderby route.IsCatchAll, route.Template, route.Function
           select route,
    ];

    /// <summary>The routes in order of their templates; those that take any path come last.</summary>
    public IReadOnlyList<ApiRoute> Routes { get; }

    /// <summary>Finds the routes of a path, whatever their methods.</summary>
    /// <param name="path">A request's path.</param>
    /// <returns>The routes; none when no function serves the path.</returns>
    public IReadOnlyList<ApiRoute> Find(PathString path) => [.. Routes.Where(route => !route.IsCatchAll && route.Match(path) is not null)];

    /// <summary>The methods that a path takes, as the header <c>Allow</c> has them.</summary>
    /// <param name="path">A request's path.</param>
    /// <returns>For example <c>GET, OPTIONS, POST</c>; <see langword="null"/> when no function serves the path.</returns>
    public string? AllowedMethods(PathString path)
    {
        string[] methods = [.. Find(path).SelectMany(route => route.Methods)];
        return methods.Length == 0 ? null : string.Join(", ", methods.Append(HttpMethods.Options).Distinct().Order(StringComparer.Ordinal));
    }
}
