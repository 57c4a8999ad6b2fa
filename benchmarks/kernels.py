#!/usr/bin/env python3
# How fast each backend makes a model's products of matrices, in turns. README.md says how to read it.
import argparse
import json
import re
import statistics
import subprocess
import sys

FUNCTION = re.compile(r"^  func\.func private @(\w+)\((?:.*\n)*?  }\n", re.MULTILINE)
WEIGHT = re.compile(r"tensor<(\d+)x(\d+)x\w+, #weight\.layout<\"(\w+)\"")
REFUSED = re.compile(r"is scheduled for (\w+), which does not take it: (.*)")


def gemms(options):
    """The model's products by (outputs, inputs, format, ops of the epilogue): name and text by the most rows that they take."""
    command = [options.rwkvc, "compile", options.model, "--weights", options.weights, "--schedules", options.schedules,
               "--print-after=parallel"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr.strip())
    found = {}
    for match in FUNCTION.finditer(done.stdout):
        text = match.group()
        if "kernel.gemm" not in text or "input_major" in text:
            continue
        outputs, inputs, form = WEIGHT.search(text).group(1, 2, 3)
        most = re.search(r"most_rows = (\d+)", text)
        epilogue = "+".join(re.findall(r"(?:arith|math)\.(\w+)", text)) or "none"
        programs = found.setdefault((int(outputs), int(inputs), form, epilogue), {})
        programs.setdefault(int(most.group(1)) if most else 0, (match.group(1), text))
    return found


def measure(options, name, text, rows, backends, autoscheduler=""):
    """ns of each round by backend; why others were refused; and which round sums in another way than the first."""
    backends, refused = list(backends), {}
    while backends:
        candidates = []
        for i, backend in enumerate(backends):
            candidate = text.replace(f"@{name}(", f"@kernel_{i}(")
            candidates.append(re.sub(r'backend = "\w+"', f'backend = "{backend}"', candidate))
        command = [options.rwkvc, "measure-kernels", "--rows", rows, "--rounds", options.rounds, "--threads",
                   options.threads, "--cold", options.cold << 20, "--loose"]
        if autoscheduler:
            command += ["--halide-autoscheduler", autoscheduler]
        done = subprocess.run(list(map(str, command)), input="".join(candidates), capture_output=True, text=True)
        reason = REFUSED.search(done.stderr)
        if done.returncode == 0:
            break
        if not reason:
            sys.exit(done.stderr.strip())
        refused[reason.group(1)] = reason.group(2)
        backends.remove(reason.group(1))
    times, others = {}, set()
    for words in (line.split() for line in done.stdout.splitlines() if backends):
        if words[0] == "times":
            times[backends[int(words[1])]] = [float(word) for word in words[2:]]
        elif words[0] == "wrong":
            others.add(backends[int(words[1])])
    return times, refused, others


def main():
    parser = argparse.ArgumentParser(description="How fast each backend makes a model's products of matrices, in turns.",
                                     epilog="Example: kernels.py w.safetensors --weights q8 --backends llvm,halide")
    parser.add_argument("model", help="a checkpoint")
    parser.add_argument("--rwkvc", default="build/bin/rwkvc", metavar="FILE", help="[build/bin/rwkvc]")
    parser.add_argument("--weights", default="bf16", help="as compile takes it [bf16]")
    parser.add_argument("--schedules", default="none", help="as compile takes it [none]")
    parser.add_argument("--rows", default="1,8,512", help="[1,8,512]")
    parser.add_argument("--backends", default="llvm,halide,onednn", help="[llvm,halide,onednn]")
    parser.add_argument("--autoschedulers", default="", help="of Halide, each a column: Mullapudi2016,Adams2019")
    parser.add_argument("--least", type=int, default=1 << 20, help="weights that make a product worth a line [1048576]")
    parser.add_argument("--threads", type=int, default=2, help="[2]")
    parser.add_argument("--rounds", type=int, default=5, help="of all backends; medians count [5]")
    parser.add_argument("--cold", type=int, default=128, metavar="MiB", help="of weights before one is read again [128]")
    parser.add_argument("--json", metavar="FILE", help="write what was measured")
    options = parser.parse_args()
    backends = options.backends.split(",")
    autoschedulers = [name for name in options.autoschedulers.split(",") if name]
    columns = backends + autoschedulers
    print(f"GB/s of one row and GFLOP/s of more, {options.threads} threads, medians of {options.rounds} rounds")
    print(f"{'outputs x inputs':17}{'format':7}{'rows':>5}" + "".join(f"{name:>14}" for name in columns) + "  epilogue")
    reasons, results = {}, []
    found = gemms(options)
    for rows in map(int, options.rows.split(",")):
        for (outputs, inputs, form, epilogue), programs in sorted(found.items()):
            # The one that a step of so many rows would run; 0 takes any number.
            most = min((most for most in programs if most >= rows), default=0)
            if outputs * inputs < options.least or most not in programs:
                continue
            name, text = programs[most]
            times, refused, others = measure(options, name, text, rows, backends)
            for autoscheduler in autoschedulers:
                own, _, _ = measure(options, name, text, rows, ["llvm", "halide"], autoscheduler)
                if "halide" in own and "llvm" in times:
                    # Of another process: by what LLVM's time was there.
                    ratio = statistics.median(a / b for a, b in zip(own["halide"], own["llvm"]))
                    times[autoscheduler] = [ratio * time for time in times["llvm"]]
            for backend, reason in refused.items():
                reasons.setdefault((backend, reason), []).append(f"{outputs} x {inputs} of {rows} rows")
            results.append({"outputs": outputs, "inputs": inputs, "format": form, "rows": rows, "epilogue": epilogue,
                            "ns": {column: statistics.median(times[column]) for column in times}, "refused": refused,
                            "other_bits": sorted(others)})
            for backend in others:
                reasons.setdefault((backend, None), []).append(f"{outputs} x {inputs} of {rows} rows")
            print_line(results[-1], columns)
    for (backend, reason), kernels in reasons.items():
        kernels = ", ".join(dict.fromkeys(kernels))
        print(f"{backend} does not take {kernels}: {reason}" if reason else
              f"{backend} has other bits than {backends[0]} for {kernels}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(results, file, indent=1)


def print_line(result, columns):
    outputs, inputs, rows = result["outputs"], result["inputs"], result["rows"]
    bits = {"f32": 32, "f16": 16, "bf16": 16, "q8": 8.25, "q8_0": 8.5, "q4": 4.5, "q4_0": 4.5}[result["format"]]
    amount = outputs * inputs * bits / 8 if rows == 1 else 2.0 * rows * outputs * inputs
    cells = "".join(f"{amount / result['ns'][column]:14.1f}" if column in result["ns"] else f"{'-':>14}"
                    for column in columns)
    print(f"{outputs} x {inputs}".ljust(17) + f"{result['format']:7}{rows:5}{cells}  {result['epilogue']}", flush=True)


main()
