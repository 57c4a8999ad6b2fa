# What every RWKV version shares: the loop over tokens and layers around a version's time mix and channel mix.
# Float64 throughout, one token at a time, so that a version's file can read like its paper's formulas.
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def silu(x):
    return x * sigmoid(x)


def normalise(x, eps):
    return (x - x.mean()) / np.sqrt(x.var() + eps)


def layer_norm(x, weights, name, eps=1e-5):
    return normalise(x, eps) * weights[name + ".weight"] + weights[name + ".bias"]


def group_norm(heads, weights, eps):
    """Each row of `heads` [H, N] is normalised alone; the weights are per channel [C]."""
    flat = np.concatenate([normalise(head, eps) for head in heads])
    return flat * weights["ln_x.weight"] + weights["ln_x.bias"]


def lerp(now, before, mix):
    """v4 and v5 name the share of the present token: now * mix + before * (1 - mix)."""
    return now * mix + before * (1 - mix)


def squared_relu(x):
    return np.maximum(x, 0) ** 2


def part(weights, prefix):
    return {name[len(prefix):]: value for name, value in weights.items() if name.startswith(prefix)}


def to_float64(weights):
    """Released files keep vectors as [1, 1, C]; here they are [C]."""
    return {name: np.asanyarray(value, np.float64).reshape(value.shape[2:] if value.shape[:2] == (1, 1) else value.shape)
            for name, value in weights.items()}


def forward(version, weights, tokens, group_norm_eps=64e-5, state=None):
    """Logits after each token [T, V] and the final state: a dict for each layer, as the version's fresh_state. Goes on
    from `state`, and changes it, if there is one."""
    weights = to_float64(weights)
    layers = []
    while f"blocks.{len(layers)}.ln1.weight" in weights:
        layers.append(part(weights, f"blocks.{len(layers)}."))
    parts = [(part(layer, "att."), part(layer, "ffn.")) for layer in layers]
    state = state or [version.fresh_state(att) for att, _ in parts]
    logits = []
    for token in tokens:
        x = weights["emb.weight"][token]
        if "ln0.weight" in layers[0]:
            x = layer_norm(x, layers[0], "ln0")
        across = {"group_norm_eps": group_norm_eps}  # what later layers of the same token may look at
        for layer, (att, ffn), memory in zip(layers, parts, state):
            now = layer_norm(x, layer, "ln1")
            x = x + version.time_mix(att, now, memory, across) + att.get("output.bias", 0)
            memory["att.shift"] = now
            now = layer_norm(x, layer, "ln2")
            x = x + version.channel_mix(ffn, now, memory)
            memory["ffn.shift"] = now
        x = layer_norm(x, weights, "ln_out")
        logits.append(weights["head.weight"] @ x + weights.get("head.bias", 0))
    return np.array(logits), state
