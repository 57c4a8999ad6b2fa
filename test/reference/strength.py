# Is a fixture strong? Sets each tensor to zero, and each epsilon to another, and says which of them the logits do not
# feel by more than 1e-2: a hundred times the tolerance that compiled models are held to.
import sys

import numpy as np

import canonical
import frame

LEAST = 1e-2


def effects(path):
    version, weights = canonical.load(path)
    tokens = np.random.default_rng(7).integers(0, len(weights["emb.weight"]), 24)

    def logits(changed={}, eps=64e-5):
        return frame.forward(version, {**weights, **changed}, tokens, eps)[0]

    right = logits()
    for name, value in weights.items():
        yield name, np.abs(logits({name: np.zeros_like(value)}) - right).max()
    if version.__name__ != "rwkv4":
        yield "GroupNorm's epsilon", np.abs(logits(eps=1e-5) - right).max()
    usual = frame.layer_norm.__defaults__
    frame.layer_norm.__defaults__ = (1e-6,)
    wrong = logits()
    frame.layer_norm.__defaults__ = usual
    yield "LayerNorm's epsilon", np.abs(wrong - right).max()


def main(path):
    results = list(effects(path))
    weak = [f"{name} moves the logits by only {effect:.1e}" for name, effect in results if not effect > LEAST]
    print("\n".join(weak) or f"{len(results)} parts, the weakest moves the logits by {min(e for _, e in results):.1e}")
    return 1 if weak else 0


sys.exit(main(sys.argv[1]))
