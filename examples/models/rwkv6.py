# RWKV-6: initial weights in BlinkDL's names and shapes, and the blocks for training. time_maa_* are the shares of the
# PAST token. See test/reference/rwkv6.py for the formulas.
import torch
import torch.nn.functional as F

import blocks
from kernels import linear, mix

MIX_RANK, DECAY_RANK = 8, 16


def block_weights(new, layer, layers, C, N):
    depth, late = layer / max(layers - 1, 1), 1 - layer / layers
    place = torch.arange(C) / (C - 1)
    for name, power, more in (("x", 1, 0), ("w", 1, 0), ("k", 1, 0), ("v", 1, 0.3 * depth), ("r", 0.5, 0),
                              ("g", 0.5, 0)):
        new.given(f"att.time_maa_{name}", 1 - blocks.positions(C, power * late) - more)
    new.uniform("att.time_maa_w1", (C, 5 * MIX_RANK), 0.1 * C ** -0.5)
    new.uniform("att.time_maa_w2", (5, MIX_RANK, C), 0.1)
    new.given("att.time_decay", (-6 + 5 * place ** (0.7 + 1.3 * depth)).view(1, 1, C))
    new.uniform("att.time_decay_w1", (C, DECAY_RANK), 0.1 * C ** -0.5)
    new.uniform("att.time_decay_w2", (DECAY_RANK, C), 0.1)
    new.given("att.time_faaaa", (depth * (1 - place) + 0.1 * ((torch.arange(C) + 1) % 3 - 1)).view(-1, N))
    blocks.matrices(new, "att", C, {"receptance": 1, "key": 0.3, "value": 1, "gate": 0.3, "output": 0})
    new.full("att.ln_x.weight", (C,), ((1 + layer) / layers) ** 0.7)
    new.full("att.ln_x.bias", (C,), 0)
    blocks.channel_mix_weights(new, C, C * 7 // 64 * 32, ("time_maa_k", "time_maa_r"), 1 - blocks.positions(C, late))


def time_mix(p, x, across):
    B, T, C = x.shape
    H, N = p["att.time_faaaa"].shape
    towards_past = torch.cat([torch.zeros_like(x[:, :1]), x[:, :-1]], 1) - x
    first = mix(x, p["att.time_maa_x"])[0]
    low = torch.tanh(linear(first, p["att.time_maa_w1"].t())).split(MIX_RANK, -1)
    xw, xk, xv, xr, xg = (x + towards_past * (p["att.time_maa_" + name] + linear(low[i], p["att.time_maa_w2"][i].t()))
                          for i, name in enumerate("wkvrg"))
    r, k, v = (linear(y, p[f"att.{name}.weight"]).view(B, T, H, N)
               for y, name in ((xr, "receptance"), (xk, "key"), (xv, "value")))
    moved = linear(torch.tanh(linear(xw, p["att.time_decay_w1"].t())), p["att.time_decay_w2"].t())
    w = torch.exp(-torch.exp(p["att.time_decay"] + moved)).view(B, T, H, N)
    y = blocks.read_before_write(r, w, k, v, p["att.time_faaaa"])
    y = F.group_norm(y.reshape(B * T, C), H, p["att.ln_x.weight"], p["att.ln_x.bias"], 64e-5).view(B, T, C)
    return linear(y * F.silu(linear(xg, p["att.gate.weight"])), p["att.output.weight"])


def channel_mix(p, x, zeros):
    return blocks.gated_channel_mix(p, x, p["ffn.time_maa_k"], p["ffn.time_maa_r"], zeros)
