using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<IntPtr> { IntPtr.Zero };
                foreach (var (name, parameter) in _internal_params)
                {
                    if (seen.Add(parameter.Handle)) yield return (name, parameter);
                }

                if (!recurse) yield break;

                foreach (var (childName, child) in _internal_submodules)
                {
                    foreach (var (name, parameter) in child.named_parameters(true))
                    {
                        if (seen.Add(parameter.Handle)) yield return ($"{childName}.{name}", parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>As in the package, a buffer that is not persistent is never listed, whatever include_nonpersistent says.
            /// Therefore it is neither saved nor moved with its module: its owner does that.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<IntPtr> { IntPtr.Zero };
                foreach (var (name, (buffer, isPersistent)) in _internal_buffers)
                {
                    if (isPersistent && seen.Add(buffer.Handle)) yield return (name, buffer);
                }

                if (!recurse) yield break;

                foreach (var (childName, child) in _internal_submodules)
                {
                    foreach (var (name, buffer) in child.named_buffers(true, include_nonpersistent))
                    {
                        if (seen.Add(buffer.Handle)) yield return ($"{childName}.{name}", buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(entry => entry.module);

            /// <summary>Children first, then the descendants of each; the module itself is not listed.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules) yield return child;

                foreach (var (childName, child) in _internal_submodules)
                {
                    foreach (var (name, module) in child.named_modules()) yield return ($"{childName}.{name}", module);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            public virtual bool has_buffer(string target) =>
                _internal_buffers.ContainsKey(target)
                || SplitTarget(target).Any(split => split.child.has_buffer(split.rest));

            public virtual bool has_parameter(string target) =>
                _internal_params.ContainsKey(target)
                || SplitTarget(target).Any(split => split.child.has_parameter(split.rest));

            public virtual Tensor? get_buffer(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                return _internal_buffers.TryGetValue(target, out var buffer)
                    ? buffer.Item1
                    : SplitTarget(target).Select(split => split.child.get_buffer(split.rest)).FirstOrDefault(found => found is not null);
            }

            public virtual Parameter? get_parameter(string target) =>
                _internal_params.TryGetValue(target, out var parameter)
                    ? parameter
                    : SplitTarget(target).Select(split => split.child.get_parameter(split.rest)).FirstOrDefault(found => found is not null);

            /// <summary>The children called like the first part of a dotted name, each with the rest of that name.</summary>
            private IEnumerable<(Module child, string rest)> SplitTarget(string target)
            {
                var dot = target.IndexOf('.');
                if (dot < 0) return [];
                var first = target[..dot];
                return named_children().Where(entry => entry.name == first).Select(entry => (entry.module, target[(dot + 1)..]));
            }
        }
    }
}
