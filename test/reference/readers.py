# Reads checkpoints of every container into float arrays under their stored names; canonical.py then undoes what a
# converter did to them. Small and trusting: the files are our fixtures. Nothing here is shared with the compiler.
import collections
import json
import pickle
import struct
import zipfile

import numpy as np


def widen(raw, dtype):
    """Bytes of a dtype ("F32", "F16", "BF16", "F64") as float64; every value is kept exactly."""
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


def read_pth(path):
    with zipfile.ZipFile(path) as archive:
        entry = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        return dict(TensorUnpickler(archive, entry).load())


def read_rwkv_cpp(data):
    tensors, at = {}, 24
    while at < len(data):
        rank, name_length, dtype = struct.unpack_from("<3i", data, at)
        dims = struct.unpack_from(f"<{rank}i", data, at + 12)
        at += 12 + 4 * rank
        name = data[at:at + name_length].decode()
        at += name_length
        size = int(np.prod(dims)) * (4, 2)[dtype]
        tensors[name] = widen(data[at:at + size], ("F32", "F16")[dtype]).reshape(dims[::-1])
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
        dtype, width = {0: ("F32", 4), 1: ("F16", 2), 30: ("BF16", 2)}[dtype]
        begin = body + offset
        tensors[name] = widen(data[begin:begin + int(np.prod(shape)) * width], dtype).reshape(shape)
    return metadata, tensors
