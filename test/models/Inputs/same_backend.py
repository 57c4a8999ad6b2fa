# Compiles a checkpoint by LLVM and by Halide, and demands the same bits of both: logits at every position and the final
# state, with 1, 7 and all rows a step, on 1 and 2 threads. What LLVM makes is compared with the references elsewhere.
import argparse
import os
import re
import shlex
import subprocess
import sys

parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
parser.add_argument("checkpoint")
parser.add_argument("--rwkvc", required=True)
parser.add_argument("--work", required=True, help="a folder for the modules and what they write")
parser.add_argument("--weights", required=True)
parser.add_argument("--compile-option", action="append", default=[])
parser.add_argument("--runner", help="what runs a module for another CPU")
arguments = parser.parse_args()
os.makedirs(arguments.work, exist_ok=True)
program = shlex.split(arguments.runner) if arguments.runner else [arguments.rwkvc]
TOKENS = [7 * i % 32 for i in range(23)]


def path(name):
    return os.path.join(arguments.work, name)


def call(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nexited with {done.returncode}: {done.stderr}")
    return done.stdout


def run(backend, rows, threads):
    results = path("out.npy"), path("end.state")
    call(*program, "logits", path(backend + ".so"), "--tokens", ",".join(map(str, TOKENS)), "--all-positions",
         "--chunk", str(rows), "--threads", str(threads), "-o", results[0], "--save-state", results[1])
    return [open(name, "rb").read() for name in results]


for backend in ("llvm", "halide"):
    call(arguments.rwkvc, "compile", arguments.checkpoint, "--weights", arguments.weights, "--backend", backend,
         "-o", path(backend + ".so"), *arguments.compile_option)
kernels = [line for line in call(*program, "inspect", path("halide.so")).splitlines() if "backend = " in line]
for name in set(re.findall(r"[^=,]+(?=,|$)", arguments.weights)):
    if not any(f" {name} " in line and 'backend = "halide"' in line and re.search(r"most_rows = 1\b", line) for line in kernels):
        sys.exit(f"{arguments.checkpoint}: Halide has no kernel for one row of {name}")
for rows in (1, 7, len(TOKENS)):
    expected = run("llvm", rows, 1)
    for threads in (1, 2):
        if run("halide", rows, threads) != expected:
            sys.exit(f"{arguments.checkpoint}: other bits by Halide, with {rows} rows a step on {threads} threads")
print(f"{len(kernels)} kernels, {sum('halide' in line for line in kernels)} of them by Halide, give the bits of LLVM's")
