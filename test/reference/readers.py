# Reads checkpoints of every container into float arrays under their stored names; canonical.py then undoes what a
# converter did to them. Small and trusting: the files are our fixtures. Nothing here is shared with the compiler.
import collections
import json
import os
import pickle
import struct
import zipfile

import numpy as np

import ggml_blocks


def widen(raw, dtype):
    """Bytes of a dtype ("F32", "F16", "BF16", "F64" or one of ggml's) as float64; every value is kept exactly."""
    if dtype in ggml_blocks.ELEMENTS:
        return ggml_blocks.read(raw, dtype)
    if dtype == "BF16":
        raw = (np.frombuffer(raw, "<u2").astype("<u4") << 16).tobytes()
        dtype = "F32"
    return np.frombuffer(raw, {"F32": "<f4", "F16": "<f2", "F64": "<f8"}[dtype]).astype(np.float64)


def read_safetensors(data):
    length, = struct.unpack_from("<Q", data)
    body = 8 + length
    tensors = {}
    for name, entry in json.loads(data[8:body]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            tensors[name] = widen(data[body + begin:body + end], entry["dtype"]).reshape(entry["shape"])
    return tensors


STORAGES = {"FloatStorage": "F32", "HalfStorage": "F16", "BFloat16Storage": "BF16", "DoubleStorage": "F64"}


class TensorUnpickler(pickle.Unpickler):
    """Builds dictionaries of tensors and nothing else, whatever the pickle asks for."""

    def __init__(self, archive, entry):
        super().__init__(archive.open(entry))
        self.archive, self.folder = archive, entry[:-len("data.pkl")]

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return self.rebuild
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return lambda tensor, *_: tensor
        if module == "torch" and name in STORAGES:
            return STORAGES[name]
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a checkpoint")

    def persistent_load(self, key):
        kind, dtype, entry, device, count = key
        return widen(self.archive.read(self.folder + "data/" + entry), dtype)

    @staticmethod
    def rebuild(storage, offset, shape, strides, *_):
        start = storage[offset:]
        return np.lib.stride_tricks.as_strided(start, shape, [8 * stride for stride in strides]).copy()


class OldTensorUnpickler(TensorUnpickler):
    """The tensors come before their storages: each is kept as what rebuilds it."""

    def __init__(self, file):
        pickle.Unpickler.__init__(self, file)

    def persistent_load(self, key):
        return key[2], key[1]

    @staticmethod
    def rebuild(storage, *view):
        return storage, view


def read_old_pth(path):
    with open(path, "rb") as file:
        for _ in range(3):  # magic number, protocol, machine
            pickle.load(file)
        described = OldTensorUnpickler(file).load()
        dtypes, storages = dict(storage for storage, _ in described.values()), {}
        for key in pickle.load(file):
            count, = struct.unpack("<q", file.read(8))
            storages[key] = widen(file.read(count * FLOAT_BYTES[dtypes[key]]), dtypes[key])
    return {name: TensorUnpickler.rebuild(storages[key], *view) for name, ((key, _), view) in described.items()}


def read_shards(index):
    with open(index) as file:
        weight_map = json.load(file)["weight_map"]
    files = {}
    for name in set(weight_map.values()):
        with open(os.path.join(os.path.dirname(index), name), "rb") as file:
            files[name] = read_safetensors(file.read())
    return {tensor: files[name][tensor] for tensor, name in weight_map.items()}


def read_pth(path):
    if not zipfile.is_zipfile(path):
        return read_old_pth(path)
    with zipfile.ZipFile(path) as archive:
        entry = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        return dict(TensorUnpickler(archive, entry).load())


FLOAT_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}


def tensor_bytes(shape, dtype):
    elements = int(np.prod(shape))
    if dtype in FLOAT_BYTES:
        return elements * FLOAT_BYTES[dtype]
    return elements // ggml_blocks.ELEMENTS[dtype] * ggml_blocks.BYTES[dtype]


RWKV_CPP_TYPES = ["F32", "F16", "Q4_0", "Q4_1", None, None, None, "Q5_0", "Q5_1", "Q8_0"]
GGUF_TYPES = {0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K", 11: "Q3_K",
              12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 30: "BF16"}


def read_rwkv_cpp(data):
    tensors, at = {}, 24
    while at < len(data):
        rank, name_length, dtype = struct.unpack_from("<3i", data, at)
        dims = struct.unpack_from(f"<{rank}i", data, at + 12)
        at += 12 + 4 * rank
        name = data[at:at + name_length].decode()
        at += name_length
        dtype = RWKV_CPP_TYPES[dtype]
        size = tensor_bytes(dims, dtype)
        tensors[name] = widen(data[at:at + size], dtype).reshape(dims[::-1])
        at += size
    return tensors


class GgufCursor:
    SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}

    def __init__(self, data):
        self.data, self.at = data, 4

    def take(self, code):
        value, = struct.unpack_from("<" + code, self.data, self.at)
        self.at += struct.calcsize("<" + code)
        return value

    def string(self):
        length = self.take("Q")
        self.at += length
        return self.data[self.at - length:self.at].decode()

    def value(self, kind):
        if kind == 8:
            return self.string()
        if kind == 9:
            element, count = self.take("I"), self.take("Q")
            return [self.value(element) for _ in range(count)]
        return self.take(self.SCALARS[kind])


def read_gguf(data):
    cursor = GgufCursor(data)
    cursor.take("I")  # version
    tensor_count, pair_count = cursor.take("Q"), cursor.take("Q")
    metadata = {}
    for _ in range(pair_count):
        key = cursor.string()
        metadata[key] = cursor.value(cursor.take("I"))
    entries = []
    for _ in range(tensor_count):
        name = cursor.string()
        dims = [cursor.take("Q") for _ in range(cursor.take("I"))]
        entries.append((name, dims[::-1], cursor.take("I"), cursor.take("Q")))
    alignment = metadata.get("general.alignment", 32)
    body = (cursor.at + alignment - 1) // alignment * alignment
    tensors = {}
    for name, shape, dtype, offset in entries:
        dtype = GGUF_TYPES[dtype]
        begin = body + offset
        tensors[name] = widen(data[begin:begin + tensor_bytes(shape, dtype)], dtype).reshape(shape)
    return metadata, tensors
