#!/usr/bin/env bash
# Renders PipeSim's clips, trains every variant with every seed, and writes docs/ablation.md and .json. What is done is kept
# in .setup/ablation (or in $ABLATION) and not done again. Arguments go to the benchmark.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=${ABLATION:-.setup/ablation}
render() { dotnet tests/PipeSim/bin/Release/net10.0/pipesim.dll dataset --out "$work/clips/$1" --videos "$2" --seed "$3" --size 128x96 --fps 5; }
render heldout 800 1001
render train 1000 1
exec dotnet tests/Benchmarks/bin/Release/net10.0/cloudpipe-benchmarks.dll ablation --clips "$work/clips" --work "$work" --out docs/ablation.md "$@"
