#!/usr/bin/env bash
# Runs every benchmark against its peer, one after the other.
set -euo pipefail
cd "$(dirname "$0")/../.."
infra/make/demo-videos.sh
exec dotnet tests/Benchmarks/bin/Release/net10.0/cloudpipe-benchmarks.dll "$@"
