namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a custom function's forward leaves for its backward.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly FunctionNode node;
            private readonly Dictionary<string, object> data = [];
            private List<Tensor> toSave = [];

            internal AutogradContext(FunctionNode node) => this.node = node;

            public bool MaterializeGrads { get; private set; } = true;

            internal List<Tensor> DirtyTensors { get; private set; } = [];

            internal List<Tensor> NonDifferentiableTensors { get; private set; } = [];

            internal IReadOnlyList<Tensor> ToSave => toSave;

            public void save_for_backward(List<Tensor> tensors) => toSave = tensors;

            public void save_data(string key, object value) => data[key] = value;

            public void mark_dirty(List<Tensor> tensors) => DirtyTensors = [.. tensors];

            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiableTensors = [.. tensors];

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            public List<Tensor> get_saved_variables() => node.SavedVariables();

            public object? get_data(string key) => data.GetValueOrDefault(key);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Lets go of the forward's tensors, which libtorch holds from now on.</summary>
            protected virtual void Dispose(bool disposing)
            {
                toSave = [];
                DirtyTensors = [];
                NonDifferentiableTensors = [];
            }
        }
    }
}
