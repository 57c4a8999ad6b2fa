# What a RUN line may say: the tools by name, the substitutions below, and the features that REQUIRES knows.
# Every test runs under a limit of memory and time, because a compiler that loops takes the machine with it.
import ctypes
import os
import resource

import lit.formats

MEMORY_LIMIT = 16 << 30  # bytes of address space a process
TIME_LIMIT = 300  # seconds a test

config.name = "rwkv"
config.test_format = lit.formats.ShTest()
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.join(config.source_root, "test")
config.test_exec_root = os.path.join(config.build_root, "test")

# Not the hard limit: a sanitizer reserves terabytes, and its tests have a limit of their own.
if not config.sanitize:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, resource.getrlimit(resource.RLIMIT_AS)[1]))
else:
    TIME_LIMIT *= 4
    config.available_features.add("instrumented")
    # LLVM's own libraries are not instrumented: what they put into containers, and take out, is not seen in full.
    config.environment["ASAN_OPTIONS"] = "detect_container_overflow=0:allow_user_poisoning=0"
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"
    config.environment["LSAN_OPTIONS"] = ("print_suppressions=0:suppressions="
                                          + os.path.join(config.test_source_root, "runtime/Inputs/leaks.txt"))
if lit_config.maxIndividualTestTime == 0 and lit_config.maxIndividualTestTimeIsSupported[0]:
    lit_config.maxIndividualTestTime = TIME_LIMIT

binaries = os.path.join(config.build_root, "bin")
# An instrumented build may have the runtime alone: what it lacks is that of the build around it.
around = os.path.join(os.path.dirname(config.build_root), "bin") if config.sanitize else binaries


def tool(name):
    own = os.path.join(binaries, name)
    return own if os.path.exists(own) else os.path.join(around, name)


config.environment["OPENBLAS_NUM_THREADS"] = "1"  # numpy's threads would fight those under test
config.environment["PATH"] = os.pathsep.join([binaries, around, config.llvm_tools, config.environment["PATH"]])

reference = os.path.join(config.test_source_root, "reference")
shared = os.path.join(os.path.dirname(config.source_root), "shared")


def script(name):
    return config.python + " " + os.path.join(reference, name)


run_aarch64 = (f"{config.qemu_aarch64} -L {config.sysroot_aarch64} "
               + os.path.join(config.build_root, "aarch64", "bin", "rwkvc-run"))


# Modules of a compiler that is not instrumented, in the runtime that is.
instrumented_runner = " --runner " + tool("rwkvc-run") if os.path.dirname(tool("rwkvc")) != binaries else ""
# Python leaves its own memory to the end of the process.
preload = f"LD_PRELOAD={config.asan_library} ASAN_OPTIONS=detect_leaks=0 " if config.asan_library else ""
# Longer names first: lit replaces in this order, and %rwkvc is the beginning of %rwkvc-run.
config.substitutions += [
    ("%rwkvc_python", f"env {preload}PYTHONDONTWRITEBYTECODE=1 RWKVC_LIBRARY={config.build_root}/lib/librwkvc.so "
     f"PYTHONPATH={config.source_root}/runtime/python {config.python}"),
    ("%rwkvc-run-aarch64", run_aarch64),
    ("%rwkvc-run", tool("rwkvc-run")),
    ("%rwkvc", tool("rwkvc")),
    ("%rwkv-opt", tool("rwkv-opt")),
    ("%make_fixture", script("make_fixture.py")),
    ("%check_logits_aarch64", script("check_logits.py") + " --rwkvc " + tool("rwkvc")
     + f" --runner '{run_aarch64}' --threads 2"),
    ("%check_logits", script("check_logits.py") + " --rwkvc " + tool("rwkvc") + instrumented_runner),
    ("%fuzz", f"prlimit --as=unlimited: {config.python} {config.test_source_root}/fuzz/Inputs/fuzz.py "
     f"--bin {config.build_root}/address/bin"),
    ("%instrumented_tests", f"prlimit --as=unlimited: {config.python} {config.lit} -v {config.build_root}/address/test"),
    ("%sanitized", f"prlimit --as=unlimited: {config.build_root}"),
    ("%killed", os.path.join(config.test_source_root, "runtime", "host", "Inputs", "killed.py")),
    ("%python", config.python),
    ("%reference", reference),
    ("%source_root", config.source_root),
    ("%build_root", config.build_root),
    ("%shared", shared),
]

if os.path.isdir(os.path.join(shared, "models")):
    config.available_features.add("shared")

# What RWKVC_SANITIZE=address and thread have built beside the rest, as ./check does.
if all(os.path.exists(os.path.join(config.build_root, program))
       for program in ("address/bin/runtime-tests", "address/bin/rwkvc-run", "thread/bin/runtime-tests")):
    config.available_features.add("sanitized")

# What is built where Halide is.
if os.path.exists(os.path.join(binaries, "rwkvc-halide")):
    config.available_features.add("halide")

# The cross compiler's libraries, and what runs programs of that architecture: test/CMakeLists.txt looks for both.
if config.qemu_aarch64 and config.sysroot_aarch64:
    config.available_features.add("aarch64-emulator")

# What modules of the backend onednn open when they are loaded.
try:
    ctypes.CDLL("libdnnl.so.2")
    config.available_features.add("onednn")
except OSError:
    pass

# A container may come without pseudo-terminals.
try:
    for end in os.openpty():
        os.close(end)
    config.available_features.add("terminal")
except OSError:
    pass

# CPU features under the kernel's names: avx2, fma, f16c, avx512f, avx512_bf16, avx512_vnni, amx_bf16, ...
with open("/proc/cpuinfo") as cpuinfo:
    for line in cpuinfo:
        if line.startswith(("flags", "Features")):
            config.available_features.update(line.split(":")[1].split())
            break
