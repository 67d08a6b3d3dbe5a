#!/usr/bin/env bash
# Runs 'cloudpipe demo' on the demo's videos. setup.sh has built everything.
set -euo pipefail
cd "$(dirname "$0")/../.."
infra/make/demo-videos.sh
exec dotnet infra/local/bin/Release/net10.0/cloudpipe.dll demo --videos .setup/demo "$@"
