#!/usr/bin/env python3
# GFLOP/s of products of matrices by each backend, in turns. README.md says how to read it.
import argparse
import os
import statistics
import subprocess
import sys
import tempfile

SHAPES = "768x768,3072x768,768x3072,2048x2048,8192x2048,2048x8192,65536x2048"
TYPES = {"f32": ("f32", 4), "bf16": ("bf16", 2)}

KERNEL = """
func.func @forward(%t: tensor<?xi32>, %w: tensor<?xi32>) attributes {{kernel.arena_row_bytes = 0 : i64}} {{ return }}
func.func private @kernel(%x: tensor<?x{k}x{t}>, %w: tensor<{n}x{k}x{t}, #weight.layout<"{t}", panel = 64>>)
    -> tensor<?x{n}xf32> {{
  %0 = kernel.gemm %x, %w schedule <backend = "{backend}", panel = 64, tile_rows = 6, tile_columns = 64, block = 64> {{
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }} : tensor<?x{k}x{t}>, tensor<{n}x{k}x{t}, #weight.layout<"{t}", panel = 64>> -> tensor<?x{n}xf32>
  return %0 : tensor<?x{n}xf32>
}}
"""

LOWERING = ("canonicalize,cse,kernel-expand-math,convert-scf-to-cf,convert-vector-to-llvm,convert-math-to-llvm,"
            "convert-arith-to-llvm,convert-cf-to-llvm,reconcile-unrealized-casts")


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout


def features():
    with open("/proc/cpuinfo") as cpuinfo:
        flags = next(line for line in cpuinfo if line.startswith("flags")).split(":")[1].split()
    return ";".join(flag.replace("avx512_", "avx512") for flag in flags)


def image(options, folder, backend, n, k, kind):
    """The kernel's code, as rwkvc makes it but for the step around it."""
    path = os.path.join(folder, f"{backend}-{n}x{k}-{kind}.so")
    text = KERNEL.format(n=n, k=k, t=TYPES[kind][0], backend=backend)
    passes = f"builtin.module(kernel-tile{{features={features()}}},{LOWERING})"
    lowered = run([os.path.join(options.bin, "rwkv-opt"), "-", f"--pass-pipeline={passes}"], text)
    for name in ("func internal @kernel", "global internal constant @products"):
        lowered = lowered.replace(name, name.replace("internal ", ""))
    ir = run([os.path.join(options.llvm, "mlir-translate"), "--mlir-to-llvmir"], lowered)
    run([os.path.join(options.llvm, "clang"), "-x", "ir", "-", "-O3", "-march=native", "-fPIC", "-shared",
         "-fno-builtin", "-Wno-override-module", "-o", path], ir)
    return path


def main():
    parser = argparse.ArgumentParser(description="GFLOP/s of products of matrices by each backend, in turns.")
    parser.add_argument("--bin", default="build/bin", metavar="FOLDER", help="with rwkv-opt and kernel-bench [build/bin]")
    parser.add_argument("--llvm", default="/usr/lib/llvm-22/bin", metavar="FOLDER", help="with clang and mlir-translate")
    parser.add_argument("--backends", default="llvm,onednn", help="[llvm,onednn]")
    parser.add_argument("--shapes", default=SHAPES, help="outputs x inputs")
    parser.add_argument("--types", default="f32,bf16", help="[f32,bf16]")
    parser.add_argument("--rows", type=int, default=512, help="[512]")
    parser.add_argument("--threads", type=int, default=2, help="[2]")
    parser.add_argument("--rounds", type=int, default=5, help="of all backends; medians count [5]")
    parser.add_argument("--keep", metavar="FOLDER", help="where images are kept for the next time")
    options = parser.parse_args()
    backends = options.backends.split(",")
    print(f"GFLOP/s of {options.rows} rows on {options.threads} threads, medians of {options.rounds} rounds")
    print(f"{'outputs x inputs':18} {'type':5}" + "".join(f"{name:>10}" for name in backends) + f"{'ratio':>8}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        for kind in options.types.split(","):
            for shape in options.shapes.split(","):
                n, k = map(int, shape.split("x"))
                measure(options, folder, backends, n, k, kind)


def measure(options, folder, backends, n, k, kind):
    images = {}
    for backend in backends:
        path = os.path.join(folder, f"{backend}-{n}x{k}-{kind}.so")
        images[backend] = path if os.path.exists(path) else image(options, folder, backend, n, k, kind)
    times = {backend: [] for backend in backends}
    for _ in range(options.rounds):
        for backend in backends:
            command = [os.path.join(options.bin, "kernel-bench"), images[backend], k, n, options.rows, TYPES[kind][1],
                       options.threads, 3]
            times[backend].append(min(map(float, run(list(map(str, command))).split())))
    rates = {backend: 2 * options.rows * n * k / statistics.median(found) for backend, found in times.items()}
    ratio = statistics.median(a / b for a, b in zip(times[backends[0]], times[backends[-1]]))
    print(f"{shape_text(n, k):18} {kind:5}" + "".join(f"{rates[b]:10.1f}" for b in backends) + f"{ratio:8.2f}", flush=True)


def shape_text(n, k):
    return f"{n} x {k}"


main()
