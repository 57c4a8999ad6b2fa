# Builds for ARM's 64-bit Linux on another machine: -DCMAKE_TOOLCHAIN_FILE=cmake/aarch64-linux-gnu.cmake. For the runtime,
# with -DRWKVC_RUNTIME_ONLY=ON -DRWKVC_LINE_EDITING=OFF. Needs clang, lld and Debian's libstdc++-12-dev-arm64-cross.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER clang-22)
set(CMAKE_CXX_COMPILER clang++-22)
set(CMAKE_C_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_CXX_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_EXE_LINKER_FLAGS_INIT -fuse-ld=lld)
set(CMAKE_SHARED_LINKER_FLAGS_INIT -fuse-ld=lld)
