"""Compiles a checkpoint with and without calibration, and asks by how much less it then differs from its unrounded
weights. The texts lie in this folder."""
import json
import subprocess
import sys

rwkvc, checkpoint, weights, most = sys.argv[1:5]


def divergence(name, *options):
    subprocess.run([rwkvc, "compile", checkpoint, "-o", name, "--activations=f32", *options], check=True)
    seen = subprocess.run([rwkvc, "compare", "exact.so", name, "--tokens-file", "ids", "--rows", "500", "--json"],
                          check=True, capture_output=True).stdout
    return json.loads(seen)["kl_mean"]


assert divergence("exact.so", "--weights=f32") == 0
plain = divergence("plain.so", "--weights=" + weights)
calibrated = divergence("calibrated.so", "--weights=" + weights, "--calibration=text")
print(f"{weights}: {plain:.3g}, calibrated {calibrated:.3g}: {calibrated / plain:.2f}")
assert calibrated < plain * float(most)
