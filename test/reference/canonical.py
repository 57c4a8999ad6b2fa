# Every checkpoint under BlinkDL's names and orientations, and the version that they mean. What converters did on the
# way (renamed, transposed, stacked, exponentiated, rescaled) is undone here, in float64.
import os
import re

import numpy as np

import readers
import rwkv4
import rwkv5
import rwkv6
import rwkv7


def version_of(weights):
    if "blocks.0.att.r_k" in weights:
        return rwkv7
    if "blocks.0.att.time_maa_x" in weights:
        return rwkv6
    return rwkv5 if "blocks.0.att.ln_x.weight" in weights else rwkv4


def from_rwkv_cpp(tensors):
    version, weights = version_of(tensors), {}
    for name, value in tensors.items():
        if name.endswith("att.x_rwkvag"):
            for index, letter in enumerate("rwkvag"):
                weights[name[:-len("rwkvag")] + letter] = value[index].reshape(-1)
            continue
        if re.search(r"att\.([wavg][12]|time_maa_w1|time_decay_w[12])$", name):
            value = value.T
        elif name.endswith("time_maa_w2"):
            value = value.transpose(0, 2, 1)
        elif re.search(r"time_(decay|first|faaaa)$", name) and version in (rwkv5, rwkv6):
            value = value.reshape(value.shape[0], -1)  # [H, N, 1] and [H, 1, 1]
            value = value[:, 0] if value.shape[1] == 1 and version is rwkv5 else value
            with np.errstate(divide="ignore"):  # a decay that was rounded to 0 or 1 has an infinite logarithm
                if version is rwkv5 and name.endswith("time_decay"):
                    value = np.log(-np.log(value))
                if name.endswith("time_first"):
                    value = np.log(value)
        elif name.endswith("time_decay") and version is rwkv4:
            value = np.log(-value)
        weights[name] = value
    return weights


GGUF_NAMES = [
    (r"token_embd\.", "emb."), (r"token_embd_norm\.", "blocks.0.ln0."), (r"output_norm\.", "ln_out."),
    (r"output\.", "head."), (r"blk\.(\d+)\.attn_norm\.", r"blocks.\1.ln1."),
    (r"blk\.(\d+)\.attn_norm_2\.", r"blocks.\1.ln2."), (r"blk\.(\d+)\.time_mix_ln\.", r"blocks.\1.att.ln_x."),
    (r"blk\.(\d+)\.time_mix_(key|value|receptance|output|gate)\.", r"blocks.\1.att.\2."),
    (r"blk\.(\d+)\.channel_mix_(key|value|receptance)\.", r"blocks.\1.ffn.\2."),
    (r"blk\.(\d+)\.time_mix_first\.weight", r"blocks.\1.att.time_faaaa"),
    (r"blk\.(\d+)\.time_mix_decay(_w[12]|)\.weight", r"blocks.\1.att.time_decay\2"),
]
GGUF_NAMES_6 = [
    (r"blk\.(\d+)\.time_mix_(w[12])\.weight", r"blocks.\1.att.time_maa_\2"),
    (r"blk\.(\d+)\.time_mix_lerp_([xwkvrg])\.weight", r"blocks.\1.att.time_maa_\2"),
    (r"blk\.(\d+)\.channel_mix_lerp_([kr])\.weight", r"blocks.\1.ffn.time_maa_\2"),
]
GGUF_NAMES_7 = [
    (r"blk\.(\d+)\.time_mix_([wavg][012]|k_k|k_a|r_k)\.weight", r"blocks.\1.att.\2"),
    (r"blk\.(\d+)\.channel_mix_lerp_k\.weight", r"blocks.\1.ffn.x_k"),
]


def from_gguf(metadata, tensors):
    seven = metadata["general.architecture"] == "rwkv7"
    N = metadata[metadata["general.architecture"] + ".wkv.head_size"]
    rescale = metadata.get("rwkv6.rescale_every_n_layers", 0)
    weights = {}
    for name, value in tensors.items():
        if "time_mix_lerp_fused" in name:
            layer = name.split(".")[1]
            names = ["x_" + letter for letter in "rwkvag"] if seven else ["time_maa_" + letter for letter in "wkvrg"]
            weights.update({f"blocks.{layer}.att.{mix}": value[i].reshape(-1) for i, mix in enumerate(names)})
            continue
        for pattern, replacement in GGUF_NAMES + (GGUF_NAMES_7 if seven else GGUF_NAMES_6):
            if re.match(pattern, name):
                name = re.sub("^" + pattern, replacement, name)
                break
        if re.search(r"att\.([wavg][12]|time_maa_w1|time_decay_w[12])$", name):
            value = value.T
        elif name.endswith("time_maa_w2"):
            value = value.transpose(0, 2, 1)
        elif re.search(r"(r_k|time_faaaa)$", name):
            value = value.reshape(-1, N)
        elif rescale and re.search(r"(att\.output|ffn\.value)\.weight$", name):
            # llama.cpp halves x after every `rescale` layers and stores these divided to match.
            value = value * 2.0 ** (int(name.split(".")[1]) // rescale)
        weights[name] = value
    return weights


def from_digit_reversal(tensors):
    """The custom names of RWKV-LM's digit-reversal model; its rosa parts come down to one constant a layer."""
    weights = {"emb.weight": tensors["e.weight"], "head.weight": tensors["o.weight"], "head.bias": tensors["o.bias"],
               "ln_out.weight": tensors["lno.weight"], "ln_out.bias": tensors["lno.bias"]}
    for layer in (0, 1):
        old, new = str(layer + 1), f"blocks.{layer}."
        renamed = {"rwkv" + old: "att", "ffn" + old: "ffn", "ln" + old + "a": "ln1", "ln" + old + "b": "ln2"}
        for name, value in tensors.items():
            first, rest = name.split(".", 1)
            if first in renamed:
                weights[new + renamed[first] + "." + rest] = value
        weights[new + "att.output.bias"] = tensors[f"rosa{old}.o.bias"]
    return weights


def from_hf(tensors):
    """Hugging Face's RWKV-4 to 6 rename: letters of mixes are spelt out in 4 and 5."""
    weights = {}
    for name, value in tensors.items():
        for old, new in (("rwkv.", ""), ("embeddings.", "emb."), (".pre_ln.", ".ln0."), (".attention.", ".att."),
                         (".feed_forward.", ".ffn.")):
            name = name.replace(old, new)
        weights[re.sub(r"time_mix_(key|value|receptance|gate)$", lambda mix: "time_mix_" + mix[1][0], name)] = value
    return weights


FLA_NAMES = [
    (r"model\.embeddings\.", "emb."), (r"model\.norm\.", "ln_out."), (r"lm_head\.", "head."),
    (r"model\.layers\.", "blocks."), (r"\.pre_norm\.", ".ln0."), (r"\.attn_norm\.", ".ln1."),
    (r"\.ffn_norm\.", ".ln2."), (r"\.attn\.", ".att."), (r"att\.r_proj", "att.receptance"), (r"att\.k_proj", "att.key"),
    (r"att\.v_proj", "att.value"), (r"att\.o_proj", "att.output"), (r"att\.g_norm", "att.ln_x"),
    (r"([wavg])_lora\.lora\.0\.weight", r"\g<1>1"), (r"([wavg])_lora\.lora\.2\.weight", r"\g<1>2"),
    (r"([wavg])_lora\.lora\.2\.bias", r"\g<1>0"),
]


def from_fla(tensors):
    """flash-linear-attention's RWKV-7: its LoRAs are torch.nn.Linear, whose weights have outputs first."""
    weights = {}
    for name, value in tensors.items():
        for old, new in FLA_NAMES:
            name = re.sub(old, new, name)
        if name.endswith("att.x_x"):
            weights.update({name[:-1] + letter: value[i] for i, letter in enumerate("rwkvag")})
        else:
            weights[name] = value.T if re.search(r"att\.[wavg][12]$", name) else value
    return weights


def load(path):
    """The version's module and its weights, in BlinkDL's names."""
    if os.path.isdir(path):
        path = os.path.join(path, "model.safetensors.index.json")
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".json"):
        weights = readers.read_shards(path)
    elif data[:4] == b"PK\3\4" or data[:2] == b"\x80\2":
        weights = readers.read_pth(path)
    elif data[:4] == b"GGUF":
        weights = from_gguf(*readers.read_gguf(data))
    elif data[:4] == b"fmgg":  # "ggmf", little-endian
        weights = from_rwkv_cpp(readers.read_rwkv_cpp(data))
    else:
        weights = readers.read_safetensors(data)
    if "rwkv1.r_k" in weights:
        weights = from_digit_reversal(weights)
    if "rwkv.embeddings.weight" in weights:
        weights = from_hf(weights)
    if "model.embeddings.weight" in weights:
        weights = from_fla(weights)
    return version_of(weights), weights
