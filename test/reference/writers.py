# Writes checkpoints of every container without torch or gguf: a mapping of names to (values, dtype) in, bytes out.
# What each container's converter does to names and shapes is in converters.py.
import json
import os
import pickle
import struct
import zipfile

import numpy as np

import ggml_blocks

ITEM_BYTES = {"F32": 4, "F16": 2, "BF16": 2}
RWKV_CPP_TYPES = {"F32": 0, "F16": 1, "Q4_0": 2, "Q4_1": 3, "Q5_0": 7, "Q5_1": 8, "Q8_0": 9}
GGUF_TYPES = {"F32": 0, "F16": 1, "Q4_0": 2, "Q4_1": 3, "Q5_0": 6, "Q5_1": 7, "Q8_0": 8, "Q2_K": 10, "Q3_K": 11,
              "Q4_K": 12, "Q5_K": 13, "Q6_K": 14, "BF16": 30}


def round_to(values, dtype):
    """The nearest value of the dtype (ties to even), as float32."""
    values = np.asarray(values, np.float32)
    if dtype == "F16":
        return values.astype(np.float16).astype(np.float32)
    if dtype == "BF16":
        bits = values.view(np.uint32)
        bits = bits + 0x7FFF + ((bits >> 16) & 1)
        return (bits & np.uint32(0xFFFF0000)).view(np.float32)
    return values


def encode(values, dtype):
    if dtype in ggml_blocks.ELEMENTS:
        return ggml_blocks.write(values, dtype)
    values = np.ascontiguousarray(round_to(values, dtype))
    if dtype == "BF16":
        return (values.view(np.uint32) >> 16).astype("<u2").tobytes()
    return values.astype("<f2" if dtype == "F16" else "<f4").tobytes()


def write_safetensors(path, tensors):
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, (values, dtype) in tensors.items():
        raw = encode(values, dtype)
        header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)


def write_shards(folder, tensors, count):
    """As Hugging Face's libraries save a model that is large: files of neighbouring tensors, and an index."""
    os.makedirs(folder, exist_ok=True)
    names, weight_map = list(tensors), {}
    for number in range(count):
        part = names[number * len(names) // count:(number + 1) * len(names) // count]
        file_name = f"model-{number + 1:05}-of-{count:05}.safetensors"
        write_safetensors(os.path.join(folder, file_name), {name: tensors[name] for name in part})
        weight_map.update(dict.fromkeys(part, file_name))
    with open(os.path.join(folder, "model.safetensors.index.json"), "w") as file:
        json.dump({"metadata": {"total_size": 0}, "weight_map": weight_map}, file, indent=2)


class Pickle:
    """The few protocol-2 opcodes that torch.save needs for a dictionary of tensors."""

    STORAGES = {"F32": "FloatStorage", "F16": "HalfStorage", "BF16": "BFloat16Storage"}

    def __init__(self, old=False):
        self.old = old
        self.out = b"\x80\x02ccollections\nOrderedDict\n)R("

    def text(self, value):
        raw = value.encode()
        self.out += b"X" + struct.pack("<I", len(raw)) + raw

    def number(self, value):
        self.out += b"J" + struct.pack("<i", value)

    def numbers(self, values):
        self.out += b"("
        for value in values:
            self.number(value)
        self.out += b"t"

    def tensor(self, name, dtype, storage, storage_size, offset, shape, strides):
        self.text(name)
        self.out += b"ctorch._utils\n_rebuild_tensor_v2\n(("
        self.text("storage")
        self.out += b"ctorch\n" + self.STORAGES[dtype].encode() + b"\n"
        self.text(storage)
        self.text("cpu")
        self.number(storage_size)
        self.out += b"N" if self.old else b""  # it is no view of another
        self.out += b"tQ"  # the storage is a persistent id
        self.number(offset)
        self.numbers(shape)
        self.numbers(strides)
        self.out += b"\x89ccollections\nOrderedDict\n)RtR"

    def finish(self):
        return self.out + b"u."


def store(archive, name, raw):
    """Like torch.save: stored, not deflated, and data aligned to 64 bytes by padding the extra field."""
    entry = zipfile.ZipInfo(name)
    start = archive.fp.tell() + 30 + len(name.encode())
    padding = (-start - 4) % 64
    entry.extra = struct.pack("<2sH", b"FB", padding) + b"Z" * padding
    archive.writestr(entry, raw)


def pickled(value):
    return pickle.dumps(value, protocol=2)


def write_old_pth(path, state, storages):
    """What PyTorch wrote before 1.6: pickles and then storages, one after the other."""
    machine = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    with open(path, "wb") as file:
        file.write(pickled(0x1950A86A20F9469CFC6C) + pickled(1001) + pickled(machine) + state)
        file.write(pickled(list(storages)))
        for dtype, raw in storages.values():
            file.write(struct.pack("<q", len(raw) // ITEM_BYTES[dtype]) + raw)


def write_pth(path, tensors, views=False, old=False):
    """With `views`, matrices are transposed views at an offset into one storage per dtype, as a model that was
    sliced and transposed before torch.save leaves them."""
    state, storages = Pickle(old), {}
    for number, (name, (values, dtype)) in enumerate(tensors.items()):
        turned = views and values.ndim == 2
        raw = encode(values.T if turned else values, dtype)
        key = "shared" + dtype if views else str(number)
        before = storages.get(key, (dtype, b""))[1]
        offset = len(before) // ITEM_BYTES[dtype]
        storages[key] = dtype, before + raw
        strides = [int(np.prod(values.shape[axis + 1:])) for axis in range(values.ndim)]
        if turned:
            strides = [1, values.shape[0]]
        size = sum(v.size for v, other in tensors.values() if other == dtype) if views else values.size
        state.tensor(name, dtype, key, size, offset, values.shape, strides)
    if old:
        return write_old_pth(path, state.finish(), storages)
    folder = "fixture/"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        store(archive, folder + "data.pkl", state.finish())
        store(archive, folder + "byteorder", b"little")
        for key, (_, raw) in storages.items():
            store(archive, folder + "data/" + key, raw)
        store(archive, folder + "version", b"3\n")


def write_rwkv_cpp(path, tensors, C, vocabulary, layers):
    kind = max(RWKV_CPP_TYPES[dtype] for _, dtype in tensors.values())
    with open(path, "wb") as file:
        file.write(struct.pack("<6i", 0x67676D66, 101, vocabulary, C, layers, kind))
        for name, (values, dtype) in tensors.items():
            raw = name.encode()
            file.write(struct.pack("<3i", values.ndim, len(raw), RWKV_CPP_TYPES[dtype]))
            file.write(struct.pack(f"<{values.ndim}i", *values.shape[::-1]) + raw + encode(values, dtype))


def gguf_string(text):
    return struct.pack("<Q", len(text.encode())) + text.encode()


def gguf_value(value):
    """Unsigned 32 for int, float 32 for float, an array of strings or of signed 32 for a list."""
    if isinstance(value, str):
        return struct.pack("<I", 8) + gguf_string(value)
    if isinstance(value, list) and isinstance(value[0], int):
        return struct.pack(f"<IIQ{len(value)}i", 9, 5, len(value), *value)
    if isinstance(value, list):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(gguf_string, value))
    return struct.pack("<If", 6, value) if isinstance(value, float) else struct.pack("<II", 4, value)


def write_gguf(path, tensors, metadata):
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for key, value in metadata.items():
        head += gguf_string(key) + gguf_value(value)
    body = b""
    for name, (values, dtype) in tensors.items():
        body += b"\0" * (-len(body) % 32)
        shape = values.shape[::-1]
        head += gguf_string(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        head += struct.pack("<IQ", GGUF_TYPES[dtype], len(body))
        body += encode(values, dtype)
    with open(path, "wb") as file:
        file.write(head + b"\0" * (-len(head) % 32) + body)
