# RWKV-6 "Finch" (arXiv 2404.05892): as 5.2, but how far each input looks back and how fast the state decays
# depend on the token. Here `maa` is the share of the PAST token, unlike time_mix in v4 and v5.
import numpy as np

from frame import group_norm, sigmoid, silu, squared_relu


def fresh_state(att):
    C, (H, N) = len(att["ln_x.weight"]), att["time_faaaa"].shape
    return {"att.shift": np.zeros(C), "wkv": np.zeros((H, N, N)), "ffn.shift": np.zeros(C)}


def data_dependent_shift(att, x, before):
    """The inputs of w, k, v, r and g: each its own mix of now and before, moved by a low-rank function of both."""
    towards_past = before - x
    first = x + towards_past * att["time_maa_x"]
    low = np.tanh(first @ att["time_maa_w1"]).reshape(5, -1)  # [5, R]
    inputs = {}
    for index, name in enumerate("wkvrg"):
        mix = att["time_maa_" + name] + low[index] @ att["time_maa_w2"][index]
        inputs[name] = x + towards_past * mix
    return inputs


def time_mix(att, x, state, across):
    inputs = data_dependent_shift(att, x, state["att.shift"])
    u = att["time_faaaa"]
    H, N = u.shape
    r = (att["receptance.weight"] @ inputs["r"]).reshape(H, N)
    k = (att["key.weight"] @ inputs["k"]).reshape(H, N)
    v = (att["value.weight"] @ inputs["v"]).reshape(H, N)
    moved = np.tanh(inputs["w"] @ att["time_decay_w1"]) @ att["time_decay_w2"]
    decay = np.exp(-np.exp(att["time_decay"].reshape(-1) + moved)).reshape(H, N)

    y = np.zeros((H, N))
    following = np.zeros((H, N, N))
    for h in range(H):
        S = state["wkv"][h]
        for i in range(N):  # i: key channel; row i of S holds what was written under it
            written = k[h, i] * v[h]
            y[h] += r[h, i] * (S[i] + u[h, i] * written)
            following[h, i] = decay[h, i] * S[i] + written
    state["wkv"] = following

    gate = silu(att["gate.weight"] @ inputs["g"])
    return att["output.weight"] @ (group_norm(y, att, across["group_norm_eps"]) * gate)


def channel_mix(ffn, x, state):
    towards_past = state["ffn.shift"] - x
    r = ffn["receptance.weight"] @ (x + towards_past * ffn["time_maa_r"])
    k = ffn["key.weight"] @ (x + towards_past * ffn["time_maa_k"])
    return sigmoid(r) * (ffn["value.weight"] @ squared_relu(k))
