"""Compares two modules by NumPy, and asks compare for the same numbers. Leaves ids and large.safetensors behind."""
import json
import os
import struct
import subprocess
import sys

import numpy as np

run, folder = sys.argv[1:3]
os.chdir(folder)

tokens = np.random.default_rng(3).integers(0, 20000, 500)
with open("ids", "w") as file:
    print(*tokens, file=file)


def log_softmax(name, rows):
    subprocess.run([run, "logits", name + ".so", "--tokens-file", "ids", "--all-positions", "--chunk", str(rows), "-o",
                    name + ".npy"], check=True)
    logits = np.load(name + ".npy").astype(np.float64)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return logits, shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def expected(name, rows):
    a, log_a = log_softmax("a", rows)
    b, log_b = log_softmax(name, rows)
    kl = (np.exp(log_a) * (log_a - log_b)).sum(axis=1)
    following = np.arange(tokens.size - 1), tokens[1:]
    return {
        "tokens": tokens.size, "kl_mean": kl.mean(), "kl_median": np.median(kl), "kl_max": kl.max(),
        "kl_max_position": kl.argmax(), "logit_difference_mean": np.abs(a - b).mean(),
        "logit_difference_max": np.abs(a - b).max(), "top1_agreement": (a.argmax(axis=1) == b.argmax(axis=1)).mean(),
        "perplexity_a": np.exp(-log_a[following].mean()), "perplexity_b": np.exp(-log_b[following].mean()),
    }


def compared(name, *options):
    command = [run, "compare", "a.so", name + ".so", "--tokens-file", "ids", "--json", *options]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def check(name, rows, *options):
    seen, wanted = compared(name, *options), expected(name, rows)
    assert wanted["kl_mean"] > 1e-8 and wanted["kl_median"] != wanted["kl_mean"]
    assert wanted["perplexity_a"] != wanted["perplexity_b"]
    assert seen.keys() == wanted.keys(), seen.keys()
    for key, value in wanted.items():
        # JSON has 9 digits; a divergence of 1e-6 is a difference of numbers near 10, in double precision.
        assert np.isclose(seen[key], value, rtol=1e-6, atol=1e-12), (key, seen[key], value)
        print(name, rows, key, seen[key])
    return seen


assert compared("b", "--threads", "1") == check("b", 1)
# Input-major weights are scaled otherwise where a step has many rows; the last one has fewer.
assert check("c", 1, "--rows", "1") != check("c", 70, "--rows", "70")

with open("m.safetensors", "rb") as file:
    data = bytearray(file.read())
length, = struct.unpack_from("<Q", data)
begin, _ = json.loads(data[8:8 + length])["head.weight"]["data_offsets"]
struct.pack_into("<64f", data, 8 + length + begin, *[3e38] * 64)  # whose sums overflow
with open("large.safetensors", "wb") as file:
    file.write(data)
