# RWKV-4 (arXiv 2305.13048): a weighted mean over the past, with a decay for each channel.
# The sums aa and bb are kept relative to e^pp, the largest exponent so far, so that no exponential overflows.
import numpy as np

from frame import lerp, sigmoid, squared_relu


def fresh_state(att):
    C = len(att["time_decay"])
    zero = np.zeros(C)
    return {"att.shift": zero, "aa": zero, "bb": zero, "pp": np.full(C, -1e30), "ffn.shift": zero}


def time_mix(att, x, state, across):
    before = state["att.shift"]
    r = att["receptance.weight"] @ lerp(x, before, att["time_mix_r"])
    k = att["key.weight"] @ lerp(x, before, att["time_mix_k"])
    v = att["value.weight"] @ lerp(x, before, att["time_mix_v"])
    aa, bb, pp = state["aa"], state["bb"], state["pp"]

    # The present token counts with the bonus u = time_first, and is not decayed.
    present = att["time_first"] + k
    largest = np.maximum(pp, present)
    past_share, present_share = np.exp(pp - largest), np.exp(present - largest)
    mean = (past_share * aa + present_share * v) / (past_share * bb + present_share)

    # One token passes: the past decays by w = -e^time_decay in the exponent, and the token joins it without u.
    decayed = pp - np.exp(att["time_decay"])
    largest = np.maximum(decayed, k)
    past_share, present_share = np.exp(decayed - largest), np.exp(k - largest)
    state["aa"] = past_share * aa + present_share * v
    state["bb"] = past_share * bb + present_share
    state["pp"] = largest
    return att["output.weight"] @ (sigmoid(r) * mean)


def channel_mix(ffn, x, state):
    before = state["ffn.shift"]
    r = ffn["receptance.weight"] @ lerp(x, before, ffn["time_mix_r"])
    k = ffn["key.weight"] @ lerp(x, before, ffn["time_mix_k"])
    return sigmoid(r) * (ffn["value.weight"] @ squared_relu(k))
