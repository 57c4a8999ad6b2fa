"""Compares two modules by NumPy, and asks compare for the same numbers. Leaves ids and large.safetensors behind."""
import json
import os
import struct
import subprocess
import sys

import numpy as np

run, folder = sys.argv[1:3]
os.chdir(folder)

# More than one chunk of rows: compare holds 32 MiB of logits of each model.
tokens = np.random.default_rng(3).integers(0, 20000, 500)
assert tokens.size * 20000 * 4 > 32 << 20
with open("ids", "w") as file:
    print(*tokens, file=file)


def log_softmax(name):
    subprocess.run([run, "logits", name + ".so", "--tokens-file", "ids", "--all-positions", "-o", name + ".npy"],
                   check=True)
    logits = np.load(name + ".npy").astype(np.float64)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return logits, shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


a, log_a = log_softmax("a")
b, log_b = log_softmax("b")
kl = (np.exp(log_a) * (log_a - log_b)).sum(axis=1)
following = np.arange(tokens.size - 1), tokens[1:]
expected = {
    "tokens": tokens.size, "kl_mean": kl.mean(), "kl_median": np.median(kl), "kl_max": kl.max(),
    "kl_max_position": kl.argmax(), "logit_difference_mean": np.abs(a - b).mean(),
    "logit_difference_max": np.abs(a - b).max(), "top1_agreement": (a.argmax(axis=1) == b.argmax(axis=1)).mean(),
    "perplexity_a": np.exp(-log_a[following].mean()), "perplexity_b": np.exp(-log_b[following].mean()),
}
assert expected["kl_mean"] > 1e-8 and expected["kl_median"] != expected["kl_mean"]
assert expected["perplexity_a"] != expected["perplexity_b"]


def compared(*options):
    command = [run, "compare", "a.so", "b.so", "--tokens-file", "ids", "--json", *options]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


seen = compared()
assert seen.keys() == expected.keys(), seen.keys()
for key, value in expected.items():
    # JSON has 9 digits; a divergence of 1e-6 is a difference of numbers near 10, in double precision.
    assert np.isclose(seen[key], value, rtol=1e-6, atol=1e-12), (key, seen[key], value)
    print(key, seen[key])
assert compared("--threads", "1") == seen

with open("m.safetensors", "rb") as file:
    data = bytearray(file.read())
length, = struct.unpack_from("<Q", data)
begin, _ = json.loads(data[8:8 + length])["head.weight"]["data_offsets"]
struct.pack_into("<64f", data, 8 + length + begin, *[3e38] * 64)  # whose sums overflow
with open("large.safetensors", "wb") as file:
    file.write(data)
