# What rwkv.cpp's and llama.cpp's converters do to a checkpoint in BlinkDL's names: rename, transpose, stack, apply
# exponentials. Written from those formats, not as the inverse of canonical.py; the two check each other.
import re

import numpy as np

import ggml_blocks

LOW_RANK = r"att\.([wavg][12]|time_maa_w1|time_decay_w[12])$"


def of_matrix(value, dtype):
    """What a quantiser that is told `dtype` stores a matrix as."""
    return dtype if value.shape[-1] % ggml_blocks.ELEMENTS.get(dtype, 1) == 0 else "F16"


def to_rwkv_cpp(weights, version, matrix_dtype):
    """Vectors stay F32, and so does everything named time_*; v7's mixes become one tensor."""
    tensors, mixes = {}, {}
    for name, value in weights.items():
        if version != "7" and ".time_" in name:
            value = value.squeeze()
        if re.search(LOW_RANK, name):
            value = value.T
        elif name.endswith("time_maa_w2"):
            value = value.transpose(0, 2, 1)
        elif name.endswith("time_decay"):
            if version == "4":
                value = -np.exp(value)
            elif version == "6":
                H, N = weights[name.replace("decay", "faaaa")].shape
                value = value.reshape(H, N, 1)
            else:
                value = np.exp(-np.exp(value))
                value = value[..., None] if "gate" in " ".join(weights) else value.reshape(-1, 1, 1)
        elif name.endswith("time_first") and version != "4":
            value = np.exp(value).reshape(-1, 1, 1)
        elif name.endswith("time_faaaa"):
            value = value[..., None]
        elif re.search(r"att\.x_[rwkvag]$", name):
            mixes[name[-1]] = value
            if len(mixes) == 6:
                tensors[name[:-1] + "rwkvag"] = np.concatenate([mixes[letter] for letter in "rwkvag"]), "F32"
                mixes = {}
            continue
        matrix = value.ndim == 2 and ".time_" not in name and not name.endswith("r_k")
        dtype = of_matrix(value, matrix_dtype) if matrix else "F32"
        if dtype in ggml_blocks.ELEMENTS and re.search(rf"^(emb|head)\.|{LOW_RANK}", name):
            dtype = "F16"  # its quantiser leaves these
        tensors[name] = value, dtype
    return tensors


def to_hf(weights, version):
    """The layout of transformers' RWKV-4, which its models for 5 and 6 keep."""
    tensors = {}
    for name, value in weights.items():
        name = re.sub(r"^emb\.", "embeddings.", name).replace(".ln0.", ".pre_ln.")
        name = name.replace(".att.", ".attention.").replace(".ffn.", ".feed_forward.")
        for letter, word in zip("kvrg", ("key", "value", "receptance", "gate")):
            name = re.sub(rf"time_mix_{letter}$", "time_mix_" + word, name)
        tensors[name if name.startswith("head.") else "rwkv." + name] = value
    return tensors


FLA_PARTS = {"att.receptance": "attn.r_proj", "att.key": "attn.k_proj", "att.value": "attn.v_proj",
             "att.output": "attn.o_proj", "att.ln_x": "attn.g_norm", "ln0": "pre_norm", "ln1": "attn_norm",
             "ln2": "ffn_norm", "att": "attn", "ffn": "ffn"}
FLA_LORA = {"0": "2.bias", "1": "0.weight", "2": "2.weight"}


def to_fla(weights, joined):
    """flash-linear-attention's RWKV-7; `joined`: with the six mixes in one tensor, as its first releases have them."""
    whole = {"emb.weight": "model.embeddings.weight", "head.weight": "lm_head.weight",
             "ln_out.weight": "model.norm.weight", "ln_out.bias": "model.norm.bias"}
    tensors = {}
    for name, value in weights.items():
        if name in whole:
            tensors[whole[name]] = value
            continue
        _, layer, rest = name.split(".", 2)
        block = f"model.layers.{layer}."
        lora, mix = re.match(r"att\.([wavg])([012])$", rest), re.match(r"att\.x_([rwkvag])$", rest)
        if lora:
            tensors[f"{block}attn.{lora[1]}_lora.lora.{FLA_LORA[lora[2]]}"] = value.T if value.shape[0] > 1 else value.reshape(-1)
        elif mix and joined:
            stem = name[:-1]
            tensors[block + "attn.x_x"] = np.stack([weights[stem + letter].reshape(-1) for letter in "rwkvag"])
        else:
            part = next(part for part in FLA_PARTS if rest.startswith(part + "."))
            tensors[block + FLA_PARTS[part] + rest[len(part):]] = value.reshape(-1) if rest == "ffn.x_k" else value
    return tensors


GGUF_NAMES = {
    "emb": "token_embd", "blocks.0.ln0": "token_embd_norm", "ln_out": "output_norm", "head": "output",
    "ln1": "attn_norm", "ln2": "attn_norm_2", "att.ln_x": "time_mix_ln", "att.time_faaaa": "time_mix_first",
    "att.time_maa_w1": "time_mix_w1", "att.time_maa_w2": "time_mix_w2", "att.time_maa_x": "time_mix_lerp_x",
    "ffn.time_maa_k": "channel_mix_lerp_k", "ffn.time_maa_r": "channel_mix_lerp_r", "ffn.x_k": "channel_mix_lerp_k",
}


def gguf_name(name):
    stem, kind = name.rsplit(".", 1)
    if kind not in ("weight", "bias"):
        stem, kind = name, "weight"
    block = re.match(r"blocks\.(\d+)\.(.*)", stem)
    if stem in GGUF_NAMES or not block:
        return f"{GGUF_NAMES[stem]}.{kind}"
    layer, rest = block.groups()
    mapped = GGUF_NAMES.get(rest)
    if not mapped:
        mapped = re.sub(r"^ffn\.", "channel_mix_", re.sub(r"^att\.(time_)?", "time_mix_", rest))
    return f"blk.{layer}.{mapped}.{kind}"


def to_gguf(weights, dims, matrix_dtype, rescale_every):
    """llama.cpp's rwkv6 and rwkv7. Low-rank matrices are transposed, mixes are one tensor [n, 1, 1, C], layer 0 of
    v7 gets copies of a0 a1 a2 as v0 v1 v2. With rescale_every (v6 only; 6 in released files), the outputs of layer i
    are stored divided by 2^(i // rescale_every), and the program halves x after every rescale_every layers."""
    seven = dims.version == "7"
    order, prefix = ("rwkvag", "x_") if seven else ("wkvrg", "time_maa_")
    tensors = {}
    for name, value in weights.items():
        layer = int(name.split(".")[1]) if name.startswith("blocks.") else 0
        first_mix = f"att.{prefix}{order[0]}"
        if re.search(rf"att\.{prefix}[{order}]$", name):
            if name.endswith(first_mix):
                stem = name[:-1]
                fused = np.stack([weights[stem + letter].reshape(1, 1, -1) for letter in order])
                tensors[f"blk.{layer}.time_mix_lerp_fused.weight"] = fused, "F32"
            continue
        if seven and layer == 0 and re.search(r"att\.v[012]$", name):
            continue
        if re.search(LOW_RANK, name):
            value = value.T
        elif name.endswith("time_maa_w2"):
            value = value.transpose(0, 2, 1)
        elif name.endswith("r_k"):
            value = value.reshape(-1)
        elif value.shape[:2] == (1, 1):
            value = value.reshape(-1)
        if rescale_every and re.search(r"(att\.output|ffn\.value)\.weight$", name):
            value = value / 2.0 ** (layer // rescale_every)
        kept_wide = value.ndim != 2 or re.search(r"att\.(w[12]|time_.*)$", name)
        tensors[gguf_name(name)] = value, "F32" if kept_wide else of_matrix(value, matrix_dtype)
        if seven and layer == 0 and re.search(r"att\.a[012]$", name):
            tensors[gguf_name(name.replace("att.a", "att.v"))] = tensors[gguf_name(name)]
    return tensors


def gguf_metadata(weights, dims, rescale_every):
    arch = "rwkv" + dims.version
    metadata = {
        "general.architecture": arch, "general.name": "fixture", "general.quantization_version": 2,
        arch + ".context_length": 1048576, arch + ".embedding_length": dims.channels,
        arch + ".block_count": dims.layers, arch + ".feed_forward_length": dims.ffn_width,
        arch + ".attention.head_count": 0, arch + ".attention.layer_norm_epsilon": 1e-5,
        arch + ".wkv.head_size": dims.head_size,
        "tokenizer.ggml.model": "rwkv", "tokenizer.ggml.tokens": [f"<{i}>" for i in range(dims.vocabulary)],
        "tokenizer.ggml.token_type": [3] + [1] * (dims.vocabulary - 1),  # control, then text
    }
    if arch == "rwkv6":
        metadata.update({arch + ".rescale_every_n_layers": rescale_every,
                         arch + ".time_mix_extra_dim": dims.ranks[0], arch + ".time_decay_extra_dim": dims.ranks[1]})
    else:
        keys = ("decay", "iclr", "value_residual_mix", "gate")
        metadata.update({f"{arch}.attention.{key}_lora_rank": rank for key, rank in zip(keys, dims.ranks)})
    return metadata
