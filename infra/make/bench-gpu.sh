#!/usr/bin/env bash
# Builds the benchmarks over the libtorch of a PyTorch with CUDA, and measures networks there against that PyTorch.
# Arguments go to the benchmark; 'pack' instead of them makes a copy in artifacts/bench-gpu that needs no .NET SDK, for a
# machine that has none: this script finds it there. TORCH_HOME names another libtorch, PYTHON another Python.
set -euo pipefail
cd "$(dirname "$0")/../.."
packed=artifacts/bench-gpu
native=infra/packages/TorchSharp/Native

fail() { echo "bench-gpu: $1" >&2; exit 1; }

if [ "${1:-}" = pack ]; then
  command -v dotnet >/dev/null || fail "packing needs the .NET SDK 10: https://dotnet.microsoft.com/download"
  # Into folders of its own: what the other targets built stays as it is.
  dotnet publish tests/Benchmarks -c Release -r linux-x64 --self-contained -p:DebugType=none -v q --nologo \
    --artifacts-path .setup/bench-gpu-build -o $packed
  echo "bench-gpu: packed in $packed ($(du -sh $packed | cut -f1)); take it along to the machine with the GPU"
  exit 0
fi

python=
for candidate in "${PYTHON:-python3}" /usr/bin/python3; do
  if "$candidate" -c 'import torch' 2>/dev/null; then python=$candidate; break; fi
done
device=cuda
[[ " $* " != *" --device cpu "* ]] || device=cpu

if [ -z "${TORCH_HOME:-}" ] && [ -n "$python" ]; then
  torch=$("$python" -c 'import torch; print(torch.__path__[0])')
  # Debian's PyTorch uses the system's libtorch, which the build finds by itself and which is without CUDA.
  [[ $torch == /usr/lib/python3/* ]] || export TORCH_HOME=$torch
fi

if [ -n "${TORCH_HOME:-}" ]; then
  [ -e "$TORCH_HOME/include/ATen/ATen.h" ] ||
    fail "there are no headers in $TORCH_HOME/include: a PyTorch installed by pip has them; set TORCH_HOME to such a one's torch folder"
  [ $device = cpu ] || [ -e "$TORCH_HOME/lib/libtorch_cuda.so" ] ||
    fail "the libtorch in $TORCH_HOME was built without CUDA: install a PyTorch with CUDA (pip install torch), or set TORCH_HOME to one's torch folder"
elif [ $device = cuda ]; then
  fail "no PyTorch with CUDA here: install it (pip install torch), name its Python by PYTHON, or set TORCH_HOME to a libtorch with CUDA. ARGS='--device cpu' runs the same on the CPU"
elif [ ! -e /usr/include/torch/csrc/api/include/torch/version.h ]; then
  fail "no libtorch here: 'make setup' installs Debian's; or set TORCH_HOME to a PyTorch's torch folder"
fi
if [ $device = cuda ] && [ -n "$python" ]; then
  "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' ||
    fail "PyTorch ($python) sees no CUDA device: 'nvidia-smi' tells whether the driver does. ARGS='--device cpu' runs the same on the CPU"
fi
command -v g++ >/dev/null || fail "g++ is missing: install the Debian package g++"

if command -v dotnet >/dev/null; then
  echo "bench-gpu: building (Release) over ${TORCH_HOME:-the system libtorch}"
  # What setup.sh built over another libtorch is no longer so.
  rm -f .setup/built-*
  dotnet build tests/Benchmarks -c Release -v q --nologo -clp:NoSummary
  program=(dotnet tests/Benchmarks/bin/Release/net10.0/cloudpipe-benchmarks.dll)
elif [ -x $packed/cloudpipe-benchmarks ]; then
  echo "bench-gpu: compiling the native part over ${TORCH_HOME:-the system libtorch}"
  sh $native/build.sh $native/TorchSharpNative.cpp $packed/libTorchSharpNative.so
  program=($packed/cloudpipe-benchmarks)
else
  fail "the .NET SDK 10 is missing (https://dotnet.microsoft.com/download). Without it: 'infra/make/bench-gpu.sh pack' on a machine that has it, and bring $packed along"
fi

exec "${program[@]}" gpu ${python:+--python "$python"} "$@"
