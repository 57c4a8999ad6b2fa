"""The rows that accuracy.py wrote are in the order of their formats' errors, and count the bytes of their types."""
import json
import sys

with open(sys.argv[1]) as file:
    exact, bf16, q8, none = json.load(file)
assert exact["kl_max"] == 0 < bf16["kl_mean"] < none["kl_mean"] < q8["kl_mean"], (bf16, none, q8)
# The head alone is rounded to 4 bits in both; the embedding and six matrices to 8 or not at all.
matrices = 4 * 64 * 64 + 2 * 128 * 64 + 64  # numbers that a token reads
assert none["bytes_per_token"] - q8["bytes_per_token"] == matrices * (16 - 8.5) / 8, (none, q8)
