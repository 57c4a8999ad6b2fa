# RWKV-7 "Goose" (arXiv 2503.14456): a generalised delta rule. The state of a head is a linear map from keys to
# values, S[value, key]: transposed against v5 and v6. `x_*` is the share of the PAST token.
import numpy as np

from frame import group_norm, sigmoid, squared_relu


def fresh_state(att):
    C, (H, N) = len(att["ln_x.weight"]), att["r_k"].shape
    return {"att.shift": np.zeros(C), "wkv": np.zeros((H, N, N)), "ffn.shift": np.zeros(C)}


def low_rank(att, name, x, between=lambda hidden: hidden):
    return between(x @ att[name + "1"]) @ att[name + "2"]


def time_mix(att, x, state, across):
    before = state["att.shift"]
    H, N = att["r_k"].shape
    xr, xw, xk, xv, xa, xg = (x + (before - x) * att["x_" + name] for name in "rwkvag")

    r = att["receptance.weight"] @ xr
    k = att["key.weight"] @ xk
    v = att["value.weight"] @ xv
    w = np.exp(-np.exp(-0.5) * sigmoid(att["w0"] + low_rank(att, "w", xw, np.tanh)))
    a = sigmoid(att["a0"] + low_rank(att, "a", xa))
    g = low_rank(att, "g", xg, sigmoid)

    # The first layer's values are what later layers fall back on, as far as their v-gate says.
    if "first_value" not in across:
        across["first_value"] = v
    else:
        v = v + (across["first_value"] - v) * sigmoid(att["v0"] + low_rank(att, "v", xv))

    removal = (k * att["k_k"]).reshape(H, N)
    k = k * (1 + (a - 1) * att["k_a"])
    r, w, k, v, a = (sequence.reshape(H, N) for sequence in (r, w, k, v, a))

    out, following = [], []
    for h in range(H):
        S = state["wkv"][h]
        direction = removal[h] / max(np.linalg.norm(removal[h]), 1e-12)
        # What S answers to `direction` is taken out of it, in the measure a; then v is written at k.
        S = S @ np.diag(w[h]) - np.outer(S @ direction, direction * a[h]) + np.outer(v[h], k[h])
        out.append(S @ r[h])
        following.append(S)
    state["wkv"] = np.array(following)

    y = group_norm(out, att, across["group_norm_eps"])
    # The bonus for the present token comes after the norm.
    bonus = np.concatenate([(r[h] @ (k[h] * att["r_k"][h])) * v[h] for h in range(H)])
    return att["output.weight"] @ ((y + bonus) * g)


def channel_mix(ffn, x, state):
    k = ffn["key.weight"] @ (x + (state["ffn.shift"] - x) * ffn["x_k"])
    return ffn["value.weight"] @ squared_relu(k)
