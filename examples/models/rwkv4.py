# RWKV-4: initial weights in BlinkDL's names and shapes, and the blocks for training. time_mix_* are the shares of the
# PRESENT token. See test/reference/rwkv4.py for the formulas.
import torch

import blocks
from kernels import linear, mix, wkv4


def block_weights(new, layer, layers, C, N):
    depth, late = layer / max(layers - 1, 1), 1 - layer / layers
    place = torch.arange(C) / (C - 1)
    for name, power, more in (("k", 1, 0), ("v", 1, 0.3 * depth), ("r", 0.5, 0)):
        new.given(f"att.time_mix_{name}", blocks.positions(C, power * late) + more)
    new.given("att.time_decay", -5 + 8 * place ** (0.7 + 1.3 * depth))
    new.given("att.time_first", 0.5 * ((torch.arange(C) + 1) % 3 - 1) - 1.2)
    blocks.matrices(new, "att", C, {"receptance": 0.3, "key": 0.3, "value": 1, "output": 0})
    blocks.channel_mix_weights(new, C, 4 * C, ("time_mix_k", "time_mix_r"), blocks.positions(C, late))


def time_mix(p, x, across):
    xr, xk, xv = mix(x, *(1 - p["att.time_mix_" + name] for name in "rkv"))
    r, k, v = (linear(y, p[f"att.{name}.weight"]) for y, name in ((xr, "receptance"), (xk, "key"), (xv, "value")))
    y = wkv4(torch.exp(p["att.time_decay"]), p["att.time_first"], k, v)
    return linear(torch.sigmoid(r) * y, p["att.output.weight"])


def channel_mix(p, x, zeros):
    return blocks.gated_channel_mix(p, x, 1 - p["ffn.time_mix_k"], 1 - p["ffn.time_mix_r"], zeros)
