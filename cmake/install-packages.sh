#!/usr/bin/env bash
# Installs from Debian's packages what building and testing need, and nothing when all of it is there.
# The one list of names; ./check and ./demo call this.
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache                             # C and C++ libraries, build
  clang-22 lld-22                                          # the compiler and linker of the build
  libclang-rt-22-dev                                       # sanitizers and libFuzzer
  llvm-22-dev llvm-22-tools libmlir-22-dev mlir-22-tools   # what rwkvc is made of; lit, FileCheck
  liblld-22-dev                                            # the linker inside rwkvc
  libhalide14-0-dev                                        # the Halide backend's program
  zlib1g-dev libzstd-dev                                   # what LLVM's CMake files look for
  libcli11-dev libxxhash-dev libgtest-dev                  # command lines, hashes, unit tests
  libdnnl-dev                                              # the backend onednn: its header, and the library to test with
  libedit-dev                                              # line editing of chat; with libbsd-dev and libncurses-dev
  python3 python3-numpy python3-psutil                     # references; psutil gives lit its time limit
  qemu-user libstdc++-12-dev-arm64-cross                   # the runtime for ARM, which tests build and emulate
  make pkg-config                                          # the example in C, on an installed rwkvc
)

missing=()
for package in "${packages[@]}"; do
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

as_root=()
if (($(id -u) != 0)); then
  command -v sudo >/dev/null || { echo "install these first, or run as root: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "Installing ${missing[*]}"
install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
# An old or empty package list is only refreshed when it turns out to be in the way.
install 2>/dev/null || { "${as_root[@]}" apt-get update -qq && install; }
