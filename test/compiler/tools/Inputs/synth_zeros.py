"""synth --zeros P: the reference counts how much of the squared relu's output is zero."""
import os
import subprocess
import sys

import numpy as np

reference, rwkvc, folder = sys.argv[1:4]
sys.path.insert(0, reference)
import canonical  # noqa: E402
import frame  # noqa: E402

os.makedirs(folder, exist_ok=True)
path = os.path.join(folder, "zeros.safetensors")
tokens = np.random.default_rng(5).integers(0, 300, 24)


def synth(version, size, share):
    command = [rwkvc, "synth", "--version", version, "--size", size, "--layers", "3", "--channels", "256",
               "--vocabulary", "300", "--zeros", share, "-o", path]
    return subprocess.run(command, capture_output=True, text=True)


def zeros(version, size, share):
    """[tokens, layers, width], true where the activation is zero."""
    assert synth(version, size, share).returncode == 0
    module, weights = canonical.load(path)
    seen, plain = [], frame.squared_relu

    def counting(x):
        seen.append(x <= 0)
        return plain(x)

    module.squared_relu = counting
    frame.forward(module, weights, tokens)
    return np.array(seen).reshape(len(tokens), 3, -1)[1:]  # the first token has no other to mix with


for version, size in (("4", "0.1b"), ("5.2", "0.4b"), ("6", "1.6b"), ("7", "0.1b")):
    for share in ("0.7", "0.85", "0.95"):
        mask = zeros(version, size, share)
        layers = mask.mean(axis=(0, 2))
        print("RWKV-" + version, share, layers)
        # Asked for with one mean deviation in mind; layers and the mixes' means differ a little.
        assert np.abs(layers - float(share)).max() < 0.03, (version, share, layers)
        # A row that is zero for every token could be left out of any program: most are not.
        assert mask.all(axis=0).mean() < 0.6

for share in ("0.4", "1", "nan", "-0.7"):
    result = synth("7", "0.1b", share)
    assert result.returncode == 1 and "--zeros is" in result.stderr and "must be 0.5 to 0.999" in result.stderr, result
