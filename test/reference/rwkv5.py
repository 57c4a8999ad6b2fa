# RWKV-5 "Eagle" (arXiv 2404.05892), all three: 5.0, 5.1 (adds a gate) and 5.2 (decay and bonus for each channel).
# A head's state S[i, j] is the decayed sum of k[i] * v[j]: the key index first.
import numpy as np

from frame import group_norm, lerp, sigmoid, silu, squared_relu


def heads_of(att):
    """time_decay is [H] in 5.0 and 5.1, [H, N] in 5.2; both give H."""
    return len(att["time_decay"])


def fresh_state(att):
    C, H = len(att["ln_x.weight"]), heads_of(att)
    return {"att.shift": np.zeros(C), "wkv": np.zeros((H, C // H, C // H)), "ffn.shift": np.zeros(C)}


def bonus(att):
    """`time_first` is the logarithm of u, `time_faaaa` is u itself: the name decides."""
    return np.exp(att["time_first"]) if "time_first" in att else att["time_faaaa"]


def time_mix(att, x, state, across):
    before = state["att.shift"]
    H = heads_of(att)

    def heads(matrix, mix):
        return (att[matrix + ".weight"] @ lerp(x, before, att[mix])).reshape(H, -1)

    r, k, v = heads("receptance", "time_mix_r"), heads("key", "time_mix_k"), heads("value", "time_mix_v")
    N = k.shape[1]
    decay = np.exp(-np.exp(att["time_decay"])).reshape(H, -1) * np.ones(N)  # [H, N]
    u = bonus(att).reshape(H, -1) * np.ones(N)  # [H, N]

    out, following = [], []
    for h in range(H):
        S, written = state["wkv"][h], np.outer(k[h], v[h])
        out.append(r[h] @ (S + u[h][:, None] * written))
        following.append(decay[h][:, None] * S + written)
    state["wkv"] = np.array(following)

    y = group_norm(out, att, across["group_norm_eps"])
    if "gate.weight" in att:
        y = y * silu(att["gate.weight"] @ lerp(x, before, att["time_mix_g"]))
    return att["output.weight"] @ y


def channel_mix(ffn, x, state):
    before = state["ffn.shift"]
    r = ffn["receptance.weight"] @ lerp(x, before, ffn["time_mix_r"])
    k = ffn["key.weight"] @ lerp(x, before, ffn["time_mix_k"])
    return sigmoid(r) * (ffn["value.weight"] @ squared_relu(k))
