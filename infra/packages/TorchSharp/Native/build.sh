#!/bin/sh
# Compiles TorchSharpNative.cpp against the system's libtorch, or the one that TORCH_HOME names.
# Usage: build.sh <source> <output>
set -eu
source=$1
output=$2

fail() { echo "TorchSharpNative : error TSN001: $1" >&2; exit 1; }

command -v g++ >/dev/null 2>&1 || fail "g++ is missing: install the Debian package g++"

if [ -n "${TORCH_HOME:-}" ]; then
    [ -e "$TORCH_HOME/include/torch/version.h" ] || [ -e "$TORCH_HOME/include/torch/csrc/api/include/torch/version.h" ] \
        || fail "TORCH_HOME is '$TORCH_HOME', which has no libtorch headers under include/: name a PyTorch install's torch folder (with include/ and lib/)"
    [ -e "$TORCH_HOME/lib/libtorch_cpu.so" ] || fail "TORCH_HOME is '$TORCH_HOME', which has no lib/libtorch_cpu.so"
    include=$TORCH_HOME/include
    headers="-isystem $include -isystem $include/torch/csrc/api/include"
    libraries="-L$TORCH_HOME/lib -Wl,-rpath,$TORCH_HOME/lib"
    # PyTorch's own wheels were long built with the old string layout: what the library exports tells which.
    if grep -q 'B5cxx11' "$TORCH_HOME/lib/libc10.so"; then abi=1; else abi=0; fi
    # The CUDA kernels register themselves when their library is loaded, so it must stay linked though no symbol asks for it.
    [ -e "$TORCH_HOME/lib/libtorch_cuda.so" ] && libraries="$libraries -Wl,--no-as-needed -ltorch_cuda"
else
    [ -e /usr/include/torch/csrc/api/include/torch/version.h ] \
        || fail "libtorch's headers are missing: install the Debian packages libtorch-dev and libopenblas0-openmp, or set TORCH_HOME to a PyTorch install's torch folder"
    include=/usr/include
    headers="-I$include/torch/csrc/api/include"
    libraries=""
    abi=1
fi

# The headers say themselves which C++ they ask for: C++17, and C++20 since PyTorch 2.14.
if grep -q '__cplusplus < 2020' "$include/ATen/ATen.h"; then standard=c++20; else standard=c++17; fi

mkdir -p "$(dirname "$output")"
# shellcheck disable=SC2086
g++ -O2 -shared -fPIC -std=$standard -fvisibility=hidden -D_GLIBCXX_USE_CXX11_ABI=$abi $headers "$source" -o "$output.partial" \
    $libraries -Wl,--no-as-needed -ltorch -ltorch_cpu -lc10
mv "$output.partial" "$output"
