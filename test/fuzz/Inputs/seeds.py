"""What each target starts from: small valid inputs, written by the writers of the other tests."""
import argparse
import itertools
import json
import os
import pathlib
import struct
import sys
import tempfile

TEST = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TEST / "frontends/Files/Inputs"), str(TEST / "reference")]

import checkpoints as c  # noqa: E402
import converters  # noqa: E402
from make_fixture import DEFAULT_RANKS  # noqa: E402
from random_weights import random_weights  # noqa: E402

Op = c.Op


def pth():
    """The second as PyTorch before 1.6 wrote it."""
    storage = Op.tuple(Op.text("storage"), Op.global_("torch", "FloatStorage"), Op.text("0"), Op.text("cpu"),
                       Op.integer(4), b"N") + b"Q"
    old = [b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", b"\x80\x02M\xe9\x03.", c.pickled({"little_endian": b"\x88"}),
           c.pickled({"x": c.rebuild(storage, 0, [2, 2], [2, 1])}), b"\x80\x02](" + Op.text("0") + b"e.",
           struct.pack("<q4f", 4, 1, 2, 3, 4)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "seed.pth")
        c.pth(path, c.sample())
        with open(path, "rb") as file:
            return [file.read(), b"".join(old)]


def pickle():
    """Of the two storages that the target puts beside it."""
    tensor = c.rebuild(c.storage("f32", "0", 64), 4, [2, 3, 4], [12, 4, 1])
    other = c.rebuild(c.storage("bf16", "1", 20), 0, [5], [4])
    parameter = c.Op.global_("torch._utils", "_rebuild_parameter") + c.Op.tuple(tensor, b"\x88", b"N") + b"R"
    ordered = c.Op.global_("collections", "OrderedDict") + b")R"
    body = c.Op.text("a") + tensor + b"q\x01s" + c.Op.text("b") + b"h\x01s"
    return [c.pickled({"a": tensor, "b.c": other, "d": parameter}),
            c.Op.PROTO + ordered + body + c.Op.dict(_metadata=b"}") + b"b" + c.Op.END]


def gguf():
    texts = lambda items: struct.pack("<IQ", 8, len(items)) + b"".join(map(c.gguf_string, items))
    tokens = ["<s>", "a", "\\x00", "\\xff", "'\\n", "ab"]
    pairs = [c.gguf_pair("tokenizer.ggml.model", 8, c.gguf_string("rwkv")),
             c.gguf_pair("tokenizer.ggml.tokens", 9, texts(tokens)),
             c.gguf_pair("tokenizer.ggml.token_type", 9, struct.pack("<IQ6i", 5, 6, 3, 1, 1, 1, 1, 5)),
             c.gguf_pair("tokenizer.ggml.eos_token_id", 4, struct.pack("<I", 0))]
    scalars = [c.gguf_pair("k%d" % kind, kind, bytes(size)) for kind, size in
               enumerate((1, 1, 2, 2, 4, 4, 4, 1)) if size] + [c.gguf_pair("k12", 12, bytes(8))]
    return [c.gguf(c.sample()), c.gguf(c.sample(), pairs), c.gguf(c.sample(), scalars, alignment=32, version=2), blocks()]


BLOCKS = {2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 10: (256, 84), 11: (256, 110), 12: (256, 144),
          13: (256, 176), 14: (256, 210)}  # by gguf's number: elements and bytes


def blocks():
    """A tensor of two blocks of every quantised type."""
    descriptions, data = [], b""
    for kind, (elements, size) in BLOCKS.items():
        descriptions.append(c.gguf_description("q%d" % kind, [2, elements], kind, len(data)))
        data += bytes(range(size)) * 2
        data += b"\0" * (-len(data) % 32)
    return c.gguf_raw([], descriptions, data)


def rwkv_cpp():
    quantised = b"".join(c.rwkv_cpp_tensor("q%d" % kind, [2, 32], number, bytes(range(BLOCKS[kind][1])) * 2)
                         for number, kind in ((2, 2), (3, 3), (7, 6), (8, 7), (9, 8)))
    return [c.rwkv_cpp(c.sample()), c.rwkv_cpp(c.sample(), 100), c.rwkv_cpp(c.sample()) + quantised]


def tokenizer_json():
    letters = [chr(i) for i in range(33, 127)] + [chr(i) for i in range(161, 324) if i != 173]
    vocab = {letter: i for i, letter in enumerate(letters)}
    few = {"a": 0, "b": 1, "ab": 2, "abab": 3, "Ġ": 4}
    level = {"type": "ByteLevel", "add_prefix_space": False}
    seeds = []
    for texts, normalizer in ((few, {"type": "NFC"}), (few, None), (dict(vocab, ab=len(vocab)), None)):
        size = max(texts.values()) + 1
        added = [{"id": size, "content": "<|endoftext|>", "special": True},
                 {"id": size + 1, "content": "  ", "normalized": True, "special": False}]
        merges = ["a b"] + ([["ab", "ab"]] if "abab" in texts else [])
        seeds.append(json.dumps({"added_tokens": added, "normalizer": normalizer, "pre_tokenizer": level,
                                 "post_processor": level, "decoder": level,
                                 "model": {"type": "BPE", "vocab": texts, "merges": merges}}).encode())
    return seeds


def packed(kind, texts=(), merges=(), added=(), end=0, flags=0):
    text = b"".join(texts)
    ends = [0, *itertools.accumulate(map(len, texts))] if texts else []
    parts = b"".join(struct.pack("<3I", *merge) for merge in merges)
    parts += b"".join(struct.pack("<2I", *one) for one in added)
    parts += struct.pack("<%dI" % len(ends), *ends) + text
    head = struct.pack("<8s2IQIi4I", b"RWKVCTOK", 1, kind, 48 + len(parts), len(texts) or 256, end, flags, len(merges),
                       len(added), len(text))
    return head + parts


def packed_tokenizer():
    text = b"\x0babab abc \xc3\xa9"
    bpe = packed(2, [b"", b"a", b"b", b"ab", b"aa", b"abab", b"<x>", b" ", b"c"], [(1, 2, 3), (1, 1, 4), (3, 3, 5)],
                 [(6, 1)], flags=1)
    return [text + packed(0), text + packed(1, [b"", b"a", b"b", b"c", b"abc", b"ab", b"", b" "]), text + bpe]


def world():
    lines = ["1 'a' 1", "2 \"b'\" 2", "3 b'\\xff' 1", "4 'é' 2", "5 '\\u3042' 3", "6 ' ab' 3"]
    every = ["%d %r %d" % (i + 1, bytes([i]), 1) for i in range(256)]
    return ["\n".join(lines).encode() + b"\n", "\r\n".join(lines).encode(), "\n".join(every).encode()]


def state_file():
    floats = struct.pack("<8f", *range(8))
    head = b"RWKVCSTA" + struct.pack("<2I16s4IQ16s", 1, 88, b"rwkv7", 1, 4, 2, 2, 8, b"fake model id 16")
    return [bytes([fix]) + head + bytes(16) + floats for fix in range(4)]


def mlir():
    """The pieces that the tests of our dialects are split into."""
    pieces = []
    for path in sorted((TEST / "dialects").rglob("*.mlir")):
        pieces += [piece.encode() for piece in path.read_text().split("// -----")]
    return pieces


def models():
    """A tiny model of every version under every set of names, as its list of tensors."""
    seeds = []
    for version in ("4", "5.0", "5.1", "5.2", "6", "7"):
        dims = argparse.Namespace(version=version, channels=32, head_size=16, layers=2, vocabulary=5, ffn_width=64, seed=1,
                                  ranks=DEFAULT_RANKS.get(version), log_bonus=version == "5.0", first_layer_v=False)
        weights = random_weights(dims)
        plain = lambda named: {name: (value, "F32") for name, value in named.items()}
        seeds += [listed("safetensors", plain(weights)), listed("rwkv.cpp", converters.to_rwkv_cpp(weights, version, "Q4_0"))]
        if version in "67":
            seeds.append(listed("gguf", converters.to_gguf(weights, dims, "F16", 0),
                                converters.gguf_metadata(weights, dims, 0)))
        if version in ("4", "5.2", "6"):
            seeds.append(listed("safetensors", plain(converters.to_hf(weights, version))))
        if version == "7":
            seeds += [listed("pth", plain(converters.to_fla(weights, joined))) for joined in (False, True)]
    return seeds


def listed(container, tensors, metadata={}):
    lines = [container] + ["%s %s" % pair for pair in metadata.items() if not isinstance(pair[1], list)]
    lines += ["%s %s %s" % (dtype.lower(), "x".join(map(str, value.shape)), name)
              for name, (value, dtype) in tensors.items()]
    return "\n".join(lines).encode()


def options():
    return [b"\x0034,105,0110", b"\x0134 105\r\n7\n", b"\x02temperature 0.5", b"\x02seed 18446744073709551615",
            b"\x02top-k 4294967295", b"\x03--temperature 1e-3 --top-p 0.5 --logit-bias 5=-inf --seed 7"]


# A target without seeds takes whatever bytes there are as choices.
def records():
    record = {"record": "best", "kernel": "gemm rows=1 x=f32 weight=bf16 64x64 body=none #01234567", "cpu": "znver5",
              "features": "avx2,fma", "compiler": "0.1.0", "schedule": "#kernel.schedule<backend = \"llvm\", panel = 64, "
              "tile_rows = 1, tile_columns = 64, block = 64, most_rows = 1>", "verdict": "ok", "threads": 2, "rows": 1,
              "ns": 1234.5, "ratio": 0.9, "spread": 0.01, "bytes": 8192, "operations": 8192}
    lines = [json.dumps(dict(record, record=kind, verdict=verdict)) for kind, verdict in
             (("trial", "ok"), ("trial", "crashed"), ("best", "ok"))]
    return ["\n".join(lines).encode() + b"\n", lines[0].encode() + b"\n" + lines[1].encode()[:40]]


SEEDS = {
    "safetensors": lambda: [c.safetensors(c.sample(), {"a": "b"}), c.safetensors(c.sample())],
    "index": lambda: [json.dumps({"metadata": {"total_size": 16}, "weight_map": {"a": "500", "b": "501"}}).encode()],
    "gguf": gguf, "rwkv-cpp": rwkv_cpp,
    "pth": pth, "pickle": pickle, "world": world, "tokenizer-json": tokenizer_json,
    "packed-tokenizer": packed_tokenizer, "state-file": state_file, "mlir": mlir, "models": models,
    "options": options,
    "weights": lambda: [b"stored", b"q4,head=q8,emb=f16"],
    "records": records,
    "sampler": lambda: [bytes(200), bytes(range(256))], "module-file": lambda: [bytes(8), b"\1" * 140],
    "description": lambda: [bytes(8), b"\1" * 100],
}


def write(target, folder):
    for i, seed in enumerate(SEEDS[target]()):
        (pathlib.Path(folder) / ("seed-%d" % i)).write_bytes(seed)
