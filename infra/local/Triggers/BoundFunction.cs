using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace CloudPipe.Local.Triggers;

/// <summary>A method marked <see cref="FunctionAttribute"/> with the trigger that calls it.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Method">The method.</param>
/// <param name="Trigger">The attribute of the parameter that the trigger fills.</param>
public sealed record BoundFunction(string Name, MethodInfo Method, TriggerBindingAttribute Trigger)
{
    /// <summary>Finds the functions of an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <returns>Its functions, in order of their names.</returns>
    /// <exception cref="InvalidOperationException">A function has no trigger, or two.</exception>
    public static IReadOnlyList<BoundFunction> FindAll(Assembly assembly) =>
    [
        .. from type in assembly.GetExportedTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           orderby function.Name
           select new BoundFunction(function.Name, method, TriggerOf(method, function.Name)),
    ];

    /// <summary>Calls the function on a new instance of its class.</summary>
    /// <param name="services">Fill the class's constructor.</param>
    /// <param name="values">Fill the parameters: each takes the value stored under its name, else the first value of its type.</param>
    /// <param name="cancellationToken">Fills the parameter of that type.</param>
    /// <returns>What the function returns, or <see langword="null"/> when that is nothing.</returns>
    /// <exception cref="InvalidOperationException">A parameter has no value.</exception>
    public async Task<object?> InvokeAsync(IServiceProvider services, IReadOnlyDictionary<string, object> values, CancellationToken cancellationToken)
    {
        object?[] arguments = [.. Method.GetParameters().Select(parameter => ArgumentFor(parameter, values, cancellationToken))];
        object instance = ActivatorUtilities.CreateInstance(services, Method.DeclaringType!);
        try
        {
            if (Method.Invoke(instance, arguments) is not Task task)
            {
                return null;
            }

            await task.ConfigureAwait(false);

            // The task of a method that returns nothing has a result too, which means nothing.
            return Method.ReturnType.IsGenericType ? task.GetType().GetProperty(nameof(Task<object>.Result))!.GetValue(task) : null;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException);
            throw;
        }
    }

    private static TriggerBindingAttribute TriggerOf(MethodInfo method, string name)
    {
        TriggerBindingAttribute[] triggers = [.. method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes<TriggerBindingAttribute>())];
        return triggers.Length == 1
            ? triggers[0]
            : throw new InvalidOperationException($"The function '{name}' has {triggers.Length} triggers; it needs exactly one.");
    }

    private object ArgumentFor(ParameterInfo parameter, IReadOnlyDictionary<string, object> values, CancellationToken cancellationToken)
    {
        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return cancellationToken;
        }

        return values.TryGetValue(parameter.Name!, out object? named) && parameter.ParameterType.IsInstanceOfType(named)
            ? named
            : values.Values.FirstOrDefault(value => parameter.ParameterType != typeof(string) && parameter.ParameterType.IsInstanceOfType(value))
              ?? throw new InvalidOperationException($"The single-machine host has no value for the parameter '{parameter.Name}' of the function '{Name}'.");
    }
}
