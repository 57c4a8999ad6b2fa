# Lets programs take turns and compares them within rounds: a shared machine's speed moves from minute to minute, so
# only measurements that are seconds apart are set against each other.
import argparse
import json
import os
import statistics
import sys
import time

from programs import Failure, LlamaCpp, Rwkvc, RwkvCpp

UNITS = {"decode": "tokens of one sequence", "prefill": "tokens of a prompt", "sequences": "sequences together"}


def arguments(what, count):
    parser = argparse.ArgumentParser(description=f"Measures {what} of rwkvc and of peers, in turns.")
    parser.add_argument("module", help="compiled model (.so)")
    parser.add_argument("--rwkvc", default="rwkvc-run", help="rwkvc or rwkvc-run [rwkvc-run]")
    parser.add_argument("--gguf", metavar="FILE", help="the same weights for llama.cpp; needs --llama-bench")
    parser.add_argument("--llama-bench", metavar="FILE")
    parser.add_argument("--llama-batched-bench", metavar="FILE", help="for sequences")
    parser.add_argument("--bin", metavar="FILE", help="the same weights for rwkv.cpp; needs --rwkv-cpp")
    parser.add_argument("--rwkv-cpp", metavar="FILE", help="its library, librwkv.so")
    parser.add_argument("--count", type=int, default=count, help=f"{UNITS[what]} [{count}]")
    parser.add_argument("--threads", default="1,2", help="numbers of threads [1,2]")
    parser.add_argument("--rounds", type=int, default=5, help="of all programs; medians count [5]")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured")
    options = parser.parse_args()
    options.threads = [int(number) for number in options.threads.split(",")]
    if bool(options.gguf) != bool(options.llama_bench or options.llama_batched_bench):
        parser.error("--gguf and --llama-bench go together")
    if bool(options.bin) != bool(options.rwkv_cpp):
        parser.error("--bin and --rwkv-cpp go together")
    if options.count < 1 or options.rounds < 1 or min(options.threads) < 1:
        parser.error("--count, --rounds and --threads are at least 1")
    return options


def programs(options):
    found = [Rwkvc(options.rwkvc, options.module)]
    if options.gguf:
        found.append(LlamaCpp(options.llama_bench, options.llama_batched_bench, options.gguf))
    if options.bin:
        found.append(RwkvCpp(options.rwkv_cpp, options.bin))
    return found


def one_round(what, options, turn, threads):
    """A measurement of each program, rwkvc first."""
    seen = {"threads": threads, "load_average": os.getloadavg()[0], "tokens_per_s": {}}
    begin = time.monotonic()
    for program in turn:
        measured = program.measure(what, options.count, threads)
        if measured:
            seen["tokens_per_s"][program.name] = measured["tokens_per_s"]
            seen.setdefault("probe_gb_per_s", measured.get("probe_gb_per_s"))
    seen["seconds"] = time.monotonic() - begin
    return seen


def summary(program, rounds, what):
    speeds = [seen["tokens_per_s"][program.name] for seen in rounds]
    ours = [seen["tokens_per_s"]["rwkvc"] for seen in rounds]
    result = {"program": program.name, "format": program.format, "threads": rounds[0]["threads"],
              "tokens_per_s": statistics.median(speeds), "least": min(speeds), "most": max(speeds),
              "rwkvc_ratio": statistics.median(mine / theirs for mine, theirs in zip(ours, speeds)),
              "bytes_per_token": program.bytes}
    if what == "decode":
        result["read_gb_per_s"] = statistics.median(speeds) * program.bytes / 1e9
        result["of_probe"] = statistics.median(speed * program.bytes / 1e9 / seen["probe_gb_per_s"]
                                               for speed, seen in zip(speeds, rounds))
    return result


def real_time():
    """Whether these programs get the cores before all ordinary ones, as under chrt."""
    return hasattr(os, "sched_getscheduler") and os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR)


def print_table(what, options, summaries, rounds):
    print(f"{what}, {options.count} {UNITS[what]}, medians of {options.rounds} rounds")
    print(f"{'threads':>7} {'program':<10} {'tokens/s':>9} {'from':>8} {'to':>8} {'MB/token':>9} {'GB/s':>6} "
          f"{'of probe':>8} {'rwkvc is':>8}  file")
    for line in summaries:
        read = f"{line['read_gb_per_s']:6.1f} {line['of_probe']:8.2f}" if what == "decode" else " " * 15
        ratio = "" if line["program"] == "rwkvc" else f"{line['rwkvc_ratio']:.2f}x"
        print(f"{line['threads']:>7} {line['program']:<10} {line['tokens_per_s']:>9.4g} {line['least']:>8.4g} "
              f"{line['most']:>8.4g} {line['bytes_per_token'] / 1e6:>9.1f} {read} {ratio:>8}  {line['format']}")
    for threads in options.threads:
        probes = [seen["probe_gb_per_s"] for seen in rounds if seen["threads"] == threads]
        print(f"memory probe, {threads} threads: {statistics.median(probes):.1f} GB/s ({min(probes):.1f} to "
              f"{max(probes):.1f})")
    load = max(seen["load_average"] for seen in rounds)
    if not real_time() and load > max(options.threads) + 0.5:
        print(f"the load average was up to {load:.1f}: other programs had the cores, so do not trust these numbers")
    longest = max(seen["seconds"] for seen in rounds)
    if longest > 60:
        print(f"a round took {longest:.0f} s: measurements that are compared should be less than a minute apart")


def run(what, count):
    options = arguments(what, count)
    try:
        turn = programs(options)
        rounds = []
        for threads in options.threads:
            for number in range(options.rounds):
                rounds.append(one_round(what, options, turn, threads))
                if sys.stderr.isatty():
                    print(f"{threads} threads: {number + 1} of {options.rounds}", file=sys.stderr)
    except (Failure, OSError) as failure:
        sys.exit(f"{what}: {failure}")
    summaries = [summary(program, [seen for seen in rounds if seen["threads"] == threads], what)
                 for threads in options.threads for program in turn if program.name in rounds[0]["tokens_per_s"]]
    print_table(what, options, summaries, rounds)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"what": what, "count": options.count, "summaries": summaries, "rounds": rounds}, file, indent=2)
