"""Writes small checkpoints of every container, from the formats' descriptions and not from our readers.

A tensor is (dtype, shape, raw little-endian bytes); dtype is "f32", "f16" or "bf16".
"""
import json
import struct
import zipfile

BYTES = {"f32": 4, "f16": 2, "bf16": 2}


def encode(dtype, values):
    """Values must be exact in the type."""
    if dtype == "bf16":
        return b"".join(struct.pack("<f", value)[2:] for value in values)
    return struct.pack("<%d%s" % (len(values), {"f32": "f", "f16": "e"}[dtype]), *values)


def decode(dtype, raw):
    if dtype == "bf16":
        raw, dtype = b"".join(b"\0\0" + raw[i : i + 2] for i in range(0, len(raw), 2)), "f32"
    size = BYTES[dtype]
    return list(struct.unpack("<%d%s" % (len(raw) // size, {"f32": "f", "f16": "e"}[dtype]), raw))


def sample():
    """A few tensors of every type and rank."""
    small = [(i * 37 % 64 - 32) / 16 for i in range(24)]
    return {
        "emb.weight": ("bf16", [6, 4], encode("bf16", small)),
        "blocks.0.ln0.weight": ("f32", [5], encode("f32", [1e-30, -2.5, 3e38, 0.1, -0.0])),
        "blocks.0.att.time_mix": ("f16", [1, 1, 3], encode("f16", [0.5, 6e-8, -65504.0])),
        "blocks.0.att.r_k": ("f32", [2, 3, 4], encode("f32", small)),
    }


def without_bf16(tensors):
    """For containers that know no bf16."""
    return {
        name: ("f32", shape, encode("f32", decode(dtype, raw))) if dtype == "bf16" else (dtype, shape, raw)
        for name, (dtype, shape, raw) in tensors.items()
    }


# -- safetensors ---------------------------------------------------------------------------------


def safetensors_raw(header, data):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def safetensors(tensors, metadata=None):
    header, data = {}, b""
    if metadata is not None:
        header["__metadata__"] = metadata
    for name, (dtype, shape, raw) in tensors.items():
        header[name] = {"dtype": dtype.upper(), "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    return safetensors_raw(header, data)


# -- rwkv.cpp ------------------------------------------------------------------------------------


def rwkv_cpp_tensor(name, shape, kind, raw):
    name = name.encode()
    return struct.pack("<%di" % (3 + len(shape)), len(shape), len(name), kind, *reversed(shape)) + name + raw


def rwkv_cpp(tensors, version=101):
    out = struct.pack("<6I", 0x67676D66, version, 6, 4, 1, 0)
    for name, (dtype, shape, raw) in without_bf16(tensors).items():
        out += rwkv_cpp_tensor(name, shape, {"f32": 0, "f16": 1}[dtype], raw)
    return out


# -- gguf ----------------------------------------------------------------------------------------


def gguf_string(text):
    text = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<Q", len(text)) + text


def gguf_pair(key, kind, payload):
    return gguf_string(key) + struct.pack("<I", kind) + payload


def gguf_description(name, shape, kind, offset):
    return gguf_string(name) + struct.pack("<I%dQIQ" % len(shape), len(shape), *reversed(shape), kind, offset)


def gguf_raw(pairs, descriptions, data, version=3, alignment=32):
    out = b"GGUF" + struct.pack("<IQQ", version, len(descriptions), len(pairs)) + b"".join(pairs + descriptions)
    return out + b"\0" * (-len(out) % alignment) + data


def gguf(tensors, pairs=(), alignment=32, version=3):
    descriptions, data = [], b""
    for name, (dtype, shape, raw) in tensors.items():
        descriptions.append(gguf_description(name, shape, {"f32": 0, "f16": 1, "bf16": 30}[dtype], len(data)))
        data += raw + b"\0" * (-len(raw) % alignment)
    return gguf_raw(list(pairs), descriptions, data, version, alignment)


# -- pth -----------------------------------------------------------------------------------------


class Op:
    """Pickle opcodes, assembled by hand: the tests must not depend on what torch or pickle would write."""

    PROTO, END, MARK = b"\x80\x02", b".", b"("

    @staticmethod
    def text(value):
        raw = value.encode()
        return b"X" + struct.pack("<I", len(raw)) + raw

    @staticmethod
    def integer(value):
        if -(2**31) <= value < 2**31:
            return b"J" + struct.pack("<i", value)
        return b"\x8a\x08" + struct.pack("<q", value)

    @staticmethod
    def tuple(*items):
        return b"(" + b"".join(items) + b"t"

    @staticmethod
    def integers(values):
        return Op.tuple(*map(Op.integer, values))

    @staticmethod
    def dict(**items):
        return b"}(" + b"".join(Op.text(key) + value for key, value in items.items()) + b"u"

    @staticmethod
    def global_(module, name):
        return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


STORAGES = {"f32": "FloatStorage", "f16": "HalfStorage", "bf16": "BFloat16Storage"}


def storage(kind, key, elements):
    name = Op.global_("torch", STORAGES.get(kind, kind))
    return Op.tuple(Op.text("storage"), name, Op.text(key), Op.text("cpu"), Op.integer(elements)) + b"Q"


def rebuild(source, offset, shape, strides):
    hooks = Op.global_("collections", "OrderedDict") + b")R"
    arguments = Op.tuple(source, Op.integer(offset), Op.integers(shape), Op.integers(strides), b"\x89", hooks)
    return Op.global_("torch._utils", "_rebuild_tensor_v2") + arguments + b"R"


def row_major(shape):
    strides = [1] * len(shape)
    for i in range(len(shape) - 1, 0, -1):
        strides[i - 1] = strides[i] * shape[i]
    return strides


def pickled(items):
    """A pickle of a dict of values that are already pickled."""
    body = b"".join(Op.text(name) + value for name, value in items.items())
    return Op.PROTO + b"}(" + body + b"u" + Op.END


def pth_raw(path, pickle, storages, compression=zipfile.ZIP_STORED, extra=()):
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("model/data.pkl", pickle)
        for name, content in list(extra) + [("data/" + key, raw) for key, raw in storages.items()]:
            archive.writestr("model/" + name, content)


def pth(path, tensors):
    items, storages = {}, {}
    for i, (name, (dtype, shape, raw)) in enumerate(tensors.items()):
        storages[str(i)] = raw
        items[name] = rebuild(storage(dtype, str(i), len(raw) // BYTES[dtype]), 0, shape, row_major(shape))
    pth_raw(path, pickled(items), storages, extra=[("version", b"3\n"), ("byteorder", b"little")])
