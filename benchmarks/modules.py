#!/usr/bin/env python3
# Modules of one model in turns: how much faster are the others than the first? README.md says how to read it.
import argparse
import json
import statistics
import sys

from programs import Failure, Rwkvc

COUNTS = {"decode": 32, "sequences": 8, "prefill": 512}


def arguments():
    parser = argparse.ArgumentParser(description="Measures modules in turns, beside the first one.")
    parser.add_argument("modules", nargs="+", metavar="MODULE", help="compiled models (.so), the first to compare with")
    parser.add_argument("--rwkvc", default="rwkvc-run", help="rwkvc or rwkvc-run [rwkvc-run]")
    parser.add_argument("--what", default=",".join(COUNTS), help="of %s [all]" % ", ".join(COUNTS))
    parser.add_argument("--tokens", type=int, default=COUNTS["decode"], help="that are decoded [%(default)s]")
    parser.add_argument("--threads", type=int, default=2, help="[2]")
    parser.add_argument("--rounds", type=int, default=5, help="of all modules; medians count [5]")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured")
    options = parser.parse_args()
    options.what = options.what.split(",")
    if len(options.modules) < 2 or options.rounds < 1 or options.tokens < 1 or not set(options.what) <= set(COUNTS):
        parser.error("two modules or more, --rounds and --tokens of at least 1, and --what as it says")
    return options


def main():
    options = arguments()
    counts = dict(COUNTS, decode=options.tokens)
    try:
        modules = [Rwkvc(options.rwkvc, path) for path in options.modules]
        seen = {}
        for what in options.what:
            rounds = [[module.measure(what, counts[what], options.threads)["tokens_per_s"] for module in modules]
                      for _ in range(options.rounds)]
            seen[what] = rounds
            for i, module in enumerate(modules):
                ratios = [row[i] / row[0] for row in rounds]
                print("%-9s %9.4g tokens/s  %.3fx (%.3f to %.3f)  %s" % (
                    what, statistics.median(row[i] for row in rounds), statistics.median(ratios), min(ratios), max(ratios),
                    module.format), flush=True)
    except (Failure, OSError) as failure:
        sys.exit("modules: %s" % failure)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"modules": options.modules, "threads": options.threads, "tokens_per_s": seen}, file, indent=2)


if __name__ == "__main__":
    main()
