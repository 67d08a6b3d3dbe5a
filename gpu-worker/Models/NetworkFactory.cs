using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>Builds networks by name, as <see cref="ModelCatalog.Create"/> does.</summary>
/// <param name="architecture">The network's name.</param>
/// <param name="options">What the caller decides.</param>
/// <returns>The network, on the CPU and in training mode; dispose it.</returns>
/// <exception cref="UnknownArchitectureException">There is none of that name.</exception>
public delegate nn.Module<Tensor, Tensor> NetworkFactory(string architecture, ModelOptions options);
