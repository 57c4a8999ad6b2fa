# What the small models of version 4 to 6 share.
import torch

from kernels import linear, mix, squared_relu, wkv


def positions(C, power):
    """(c / C)^power as [1, 1, C]: in the published recipes the first channels look back, the last ones do not."""
    return ((torch.arange(C) / C) ** power).view(1, 1, C)


def matrices(new, prefix, C, gains):
    for name, gain in gains.items():
        new.uniform(f"{prefix}.{name}.weight", (C, C), gain * C ** -0.5)


def channel_mix_weights(new, C, width, names, share):
    for name in names:
        new.given(f"ffn.{name}", share)
    new.uniform("ffn.key.weight", (width, C), C ** -0.5)
    new.uniform("ffn.value.weight", (C, width), 0)
    matrices(new, "ffn", C, {"receptance": 0.3})


def gated_channel_mix(p, x, past_k, past_r, zeros):
    """`past_*` are the shares of the past token."""
    xk, xr = mix(x, past_k, past_r)
    k = squared_relu(linear(xk, p["ffn.key.weight"]))
    if zeros is not None:
        zeros.append((k == 0).float().mean().item())
    return torch.sigmoid(linear(xr, p["ffn.receptance.weight"])) * linear(k, p["ffn.value.weight"])


def read_before_write(r, w, k, v, u):
    """S_t = S diag(w) + v k^T; y_t = S_(t-1) r_t + (r_t . u k_t) v_t, for [B, T, H, N]. The kernel reads after it has
    written, so each r is given to it one token early."""
    early = torch.cat([r[:, 1:], torch.zeros_like(r[:, :1])], 1)
    zero = torch.zeros_like(r)
    late = wkv(early, w, k, v, zero, zero)
    y = torch.cat([torch.zeros_like(r[:, :1]), late[:, :-1]], 1)
    return y + (r * u * k).sum(-1, keepdim=True) * v
