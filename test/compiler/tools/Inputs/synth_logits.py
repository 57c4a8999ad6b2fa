"""rwkvc reads what its synth writes: one model from every container gives the same logits."""
import os
import subprocess
import sys

import numpy as np

rwkvc, folder = sys.argv[1:3]


def logits(version, size, ending):
    stem = os.path.join(folder, "v" + version)
    path = stem + ending
    subprocess.run([rwkvc, "synth", "--version", version, "--size", size, "--layers", "2", "--channels", "128",
                    "--vocabulary", "300", "-o", path], check=True)
    subprocess.run([rwkvc, "compile", path, "-o", path + ".so", "--activations=f32"], check=True)
    subprocess.run([rwkvc, "logits", path + ".so", "--tokens", "3,1,4,1,5,9,2,6,5,3", "--all-positions",
                    "--threads", "1", "-o", path + ".npy"], check=True)
    return np.load(path + ".npy")


for version, size, endings in (("5.2", "0.4b", [".bin"]), ("6", "1.6b", [".gguf", ".bin"]),
                               ("7", "0.1b", [".gguf", ".bin"])):
    expected = logits(version, size, ".safetensors")
    assert np.isfinite(expected).all() and 1 < np.abs(expected).max() < 50
    for ending in endings:
        difference = np.abs(logits(version, size, ending) - expected).max()
        print("RWKV-" + version, ending, difference)
        assert difference < 1e-5, (version, ending, difference)
