#!/usr/bin/env bash
# Configures and builds into build/: everything, or the targets that are named. ./check and ./demo call this.
# With RWKVC_SANITIZE=address or thread in the environment it builds into build/address or build/thread, instrumented.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

# Another clone on this machine may reuse these objects: their paths are relative to the clone.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=true
build=build${RWKVC_SANITIZE:+/$RWKVC_SANITIZE}
mkdir -p "$build"
launcher=()
command -v ccache >/dev/null && launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRWKVC_SANITIZE="${RWKVC_SANITIZE:-}" \
  -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22 \
  -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld \
  "${launcher[@]}" >"$build/configure.log" 2>&1 || { cat "$build/configure.log"; exit 1; }
ninja -C "$build" -j "$(nproc)" "$@"
