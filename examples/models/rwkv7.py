# RWKV-7: initial weights in BlinkDL's names and shapes, and the blocks for training. Notation as in
# test/reference/rwkv7.py, which is the one to read; here whole sequences [B, T, C] pass at once.
import torch

from kernels import linear, mix, squared_relu, wkv7

RANKS = {"w": 16, "a": 16, "v": 16, "g": 32}


def block_weights(new, layer, layers, C, N):
    """`new` makes tensors: new.uniform(name, shape, bound), new.full(name, shape, value), new.given(name, tensor)."""
    depth, place = layer / max(layers - 1, 1), torch.arange(C) / (C - 1)
    late = 1 - layer / layers
    for name, power in {"r": 0.2, "w": 0.9, "k": 0.7, "v": 0.7, "a": 0.9, "g": 0.2}.items():
        new.given(f"att.x_{name}", (1 - (torch.arange(C) / C) ** (power * late)).view(1, 1, C))
    for name, rank in RANKS.items():
        if name == "v" and layer == 0:
            continue
        new.uniform(f"att.{name}1", (C, rank), 0 if name != "g" else C ** -0.5)
        new.uniform(f"att.{name}2", (rank, C), 0.3 * rank ** -0.5 if name != "g" else rank ** -0.5)
    new.given("att.w0", (-6.5 + 5.5 * place ** (0.85 + depth ** 0.5)).view(1, 1, C))
    new.full("att.a0", (1, 1, C), 0.0)
    if layer:
        new.full("att.v0", (1, 1, C), 1.0)
    new.full("att.k_k", (1, 1, C), 0.85)
    new.full("att.k_a", (1, 1, C), 1.0)
    new.full("att.r_k", (C // N, N), 0.0)
    for name, gain in {"receptance": 1, "key": 0.3, "value": 1, "output": 0}.items():
        new.uniform(f"att.{name}.weight", (C, C), gain * C ** -0.5)
    new.full("att.ln_x.weight", (C,), ((1 + layer) / layers) ** 0.7)
    new.full("att.ln_x.bias", (C,), 0.0)
    new.given("ffn.x_k", (1 - (torch.arange(C) / C) ** (late ** 4)).view(1, 1, C))
    new.uniform("ffn.key.weight", (4 * C, C), C ** -0.5)
    new.uniform("ffn.value.weight", (C, 4 * C), 0)


def time_mix(p, x, across):
    B, T, C = x.shape
    H, N = p["att.r_k"].shape
    low_rank = lambda name, x, f=lambda h: h: linear(f(linear(x, p[f"att.{name}1"].t())), p[f"att.{name}2"].t())
    xr, xw, xk, xv, xa, xg = mix(x, *(p["att.x_" + name] for name in "rwkvag"))
    r, k, v = (linear(y, p[f"att.{name}.weight"])
               for y, name in ((xr, "receptance"), (xk, "key"), (xv, "value")))
    g = low_rank("g", xg, torch.sigmoid)
    if "first_value" not in across:
        across["first_value"] = v
    else:
        v = torch.lerp(v, across["first_value"], torch.sigmoid(p["att.v0"] + low_rank("v", xv)))
    parameters = torch.cat([p["att." + name].view(1, C) for name in
                            ("w0", "a0", "k_k", "k_a", "r_k", "ln_x.weight", "ln_x.bias")])
    y = wkv7(parameters, N, r, low_rank("w", xw, torch.tanh), k, v, low_rank("a", xa))
    return linear(y * g, p["att.output.weight"])


def channel_mix(p, x, zeros):
    k = squared_relu(linear(mix(x, p["ffn.x_k"])[0], p["ffn.key.weight"]))
    if zeros is not None:
        zeros.append((k == 0).float().mean().item())
    return linear(k, p["ffn.value.weight"])
