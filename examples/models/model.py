# What the versions share: a model is a dict of tensors in BlinkDL's names, and a version is a module with
# block_weights, time_mix and channel_mix.
import torch
import torch.nn.functional as F

VOCABULARY = 256  # token id = byte


class Weights:
    """Collects new tensors under a prefix."""

    def __init__(self, tensors, prefix):
        self.tensors, self.prefix = tensors, prefix

    def given(self, name, tensor):
        self.tensors[self.prefix + name] = tensor.float().clone().requires_grad_()

    def full(self, name, shape, value):
        self.given(name, torch.full(shape, float(value)))

    def uniform(self, name, shape, bound):
        self.given(name, (torch.rand(shape) * 2 - 1) * bound)

    def norm(self, name, C):
        self.full(name + ".weight", (C,), 1)
        self.full(name + ".bias", (C,), 0)


def fresh(version, layers, C, N):
    tensors = {}
    new = Weights(tensors, "")
    new.uniform("emb.weight", (VOCABULARY, C), 0.1)
    for layer in range(layers):
        new = Weights(tensors, f"blocks.{layer}.")
        for name in ("ln0", "ln1", "ln2") if layer == 0 else ("ln1", "ln2"):
            new.norm(name, C)
        version.block_weights(new, layer, layers, C, N)
    new = Weights(tensors, "")
    new.norm("ln_out", C)
    new.uniform("head.weight", (VOCABULARY, C), C ** -0.5)
    return tensors


def norm(p, name, x):
    return F.layer_norm(x, x.shape[-1:], p[name + ".weight"], p[name + ".bias"], 1e-5)


def forward(version, p, ids, zeros=None):
    """Logits [B, T, 256] for ids [B, T]. `zeros`, a list, gets the share of zeros after relu^2, layer by layer."""
    x = norm(p, "blocks.0.ln0", F.embedding(ids, p["emb.weight"]))
    across = {}
    for layer in range(sum(name.endswith(".ln1.weight") for name in p)):
        prefix = f"blocks.{layer}."
        block = {name[len(prefix):]: t for name, t in p.items() if name.startswith(prefix)}
        x = x + version.time_mix(block, norm(block, "ln1", x), across)
        x = x + version.channel_mix(block, norm(block, "ln2", x), zeros)
    return norm(p, "ln_out", x) @ p["head.weight"].t()
