#!/usr/bin/env bash
# Brings a bare Debian or Ubuntu machine with the .NET SDK to where CloudPipe builds and runs.
# Usage: setup.sh base|demo|bench. Says what it does; does nothing when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
purpose=${1:-base}

packages=(ffmpeg libtorch-dev libopenblas0-openmp g++)
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)
case $purpose in
  base) ;;
  demo) packages+=(opencv-doc forensics-samples-files) ;;
  bench) packages+=(python3-torch python3-torchvision python3-opencv opencv-doc forensics-samples-files) ;;
  *) echo "setup: unknown purpose '$purpose': use base, demo or bench" >&2; exit 2 ;;
esac
# Inside a PyTorch install's libtorch, Debian's is not needed.
if [ -n "${TORCH_HOME:-}" ]; then
  packages=("${packages[@]/libtorch-dev/}")
fi

command -v dotnet >/dev/null || {
  echo "setup: the .NET SDK 10 is missing: https://dotnet.microsoft.com/download says how to install it" >&2
  exit 1
}

missing=()
for package in "${packages[@]}"; do
  [ -z "$package" ] && continue
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -eq 0 ]; then
    elevate=()
  elif command -v sudo >/dev/null; then
    elevate=(sudo)
  else
    echo "setup: no root and no sudo here. Ask an administrator for: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  echo "setup: installing ${missing[*]}"
  log=$(mktemp)
  if ! { "${elevate[@]}" apt-get update -qq &&
         "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "setup: apt-get could not install ${missing[*]}; the lines above say why" >&2
    exit 1
  fi
  rm -f "$log"
fi

# Usage: node_packages FOLDER WHAT; installs what infra/FOLDER locks, unless that is there already.
node_packages() {
  if ! cmp -s "infra/$1/package-lock.json" ".setup/$1-lock.json" || [ ! -d "infra/$1/node_modules" ]; then
    echo "setup: installing $2 (npm)"
    npm ci --prefix "infra/$1" --no-audit --no-fund --loglevel=error
    mkdir -p .setup && cp "infra/$1/package-lock.json" ".setup/$1-lock.json"
  fi
}
node_packages azurite Azurite
node_packages bicep-parser 'the parser of bicep files'

# A build that changes nothing still takes many seconds: look first whether any source is newer than the last one.
stamp=.setup/built-${CloudPipePackages:-source}-$(printf '%s' "${TORCH_HOME:-system}" | cksum | cut -d' ' -f1)
fresh() {
  [ -f "$stamp" ] && [ -f infra/local/bin/Release/net10.0/cloudpipe.dll ] &&
    [ -z "$(find . -name .git -prune -o -name bin -prune -o -name obj -prune -o -name node_modules -prune -o -name .setup -prune \
              -o -type f -newer "$stamp" \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.cpp' \
              -o -name '*.sln' -o -name '*.json' -o -name '*.safetensors' -o -name '*.html' -o -name '*.css' -o -name .editorconfig \) -print -quit)" ]
}
if ! fresh; then
  echo "setup: building (Release)"
  dotnet build CloudPipe.sln -c Release -v q --nologo -clp:NoSummary
  mkdir -p .setup && touch "$stamp"
fi
