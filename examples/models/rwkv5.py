# RWKV-5.2: initial weights in BlinkDL's names and shapes, and the blocks for training. time_mix_* are the shares of
# the PRESENT token. See test/reference/rwkv5.py for the formulas.
import torch
import torch.nn.functional as F

import blocks
from kernels import linear, mix


def block_weights(new, layer, layers, C, N):
    depth, late = layer / max(layers - 1, 1), 1 - layer / layers
    place = torch.arange(C) / (C - 1)
    for name, power, more in (("k", 1, 0), ("v", 1, 0.3 * depth), ("r", 0.5, 0), ("g", 0.5, 0)):
        new.given(f"att.time_mix_{name}", blocks.positions(C, power * late) + more)
    new.given("att.time_decay", (-6 + 5 * place ** (0.7 + 1.3 * depth)).view(-1, N))
    new.given("att.time_faaaa", (depth * (1 - place) + 0.1 * ((torch.arange(C) + 1) % 3 - 1)).view(-1, N))
    blocks.matrices(new, "att", C, {"receptance": 1, "key": 0.3, "value": 1, "gate": 0.3, "output": 0})
    new.full("att.ln_x.weight", (C,), ((1 + layer) / layers) ** 0.7)
    new.full("att.ln_x.bias", (C,), 0)
    blocks.channel_mix_weights(new, C, C * 7 // 64 * 32, ("time_mix_k", "time_mix_r"), blocks.positions(C, late))


def time_mix(p, x, across):
    B, T, C = x.shape
    H, N = p["att.time_faaaa"].shape
    xr, xk, xv, xg = mix(x, *(1 - p["att.time_mix_" + name] for name in "rkvg"))
    r, k, v = (linear(y, p[f"att.{name}.weight"]).view(B, T, H, N)
               for y, name in ((xr, "receptance"), (xk, "key"), (xv, "value")))
    w = torch.exp(-torch.exp(p["att.time_decay"])).expand(B, T, H, N)
    y = blocks.read_before_write(r, w, k, v, p["att.time_faaaa"])
    y = F.group_norm(y.reshape(B * T, C), H, p["att.ln_x.weight"], p["att.ln_x.bias"], 64e-5).view(B, T, C)
    return linear(y * F.silu(linear(xg, p["att.gate.weight"])), p["att.output.weight"])


def channel_mix(p, x, zeros):
    return blocks.gated_channel_mix(p, x, 1 - p["ffn.time_mix_k"], 1 - p["ffn.time_mix_r"], zeros)
