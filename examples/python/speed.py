#!/usr/bin/env python3
# Says what `rwkvc bench --json` measured beside what the machine can do: speed.py BUNDLED.json RANDOM.json.
import json
import sys


def middle(report, key):
    return report[key]["median"] if report[key] else float("nan")


def load(path):
    with open(path) as file:
        return json.load(file)


def tell(what, report, memory):
    size, cache = middle(report, "bytes_per_token"), report["last_level_cache_bytes"]
    read = middle(report, "read_gb_per_s")
    threads = f"{report['threads']} thread{'s' if report['threads'] > 1 else ''}"
    print(f"{what}: {middle(report, 'decode_tokens_per_s'):,.0f} tokens/s on {threads}")
    print(f"    {size / 1e6:,.1f} MB of weights a token, read at {read:.1f} GB/s", end="")
    if cache and size <= cache:
        print(f" from the cache of {cache / 2**20:,.0f} MiB: memory is no limit")
    else:
        print(f"; memory delivers {memory:.1f} GB/s: {read / memory:.2f} of the limit")


def main(bundled, large):
    bundled, large = load(bundled), load(large)
    memory = middle(large, "probe_gb_per_s")  # a small model's would tell of the cache, too
    tell("the bundled model", bundled, memory)
    tell("RWKV-7 with 0.19 billion random parameters", large, memory)


if __name__ == "__main__":
    main(*sys.argv[1:])
