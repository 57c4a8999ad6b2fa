# Writes a dict of tensors as bf16 .safetensors, which is what `rwkvc compile` reads: eight bytes with the length of a
# JSON header, the header, and the data in its order.
import json
import struct

import torch


def as_bf16(tensor):
    """The two upper bytes of each float, rounded to nearest even by torch."""
    return tensor.detach().bfloat16().contiguous().view(torch.int16).numpy().astype("<i2").tobytes()


def write(path, tensors, metadata):
    header, blobs, at = {"__metadata__": {k: str(v) for k, v in metadata.items()}}, [], 0
    for name, tensor in tensors.items():
        blob = as_bf16(tensor)
        header[name] = {"dtype": "BF16", "shape": list(tensor.shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def read(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            flat = torch.frombuffer(bytearray(data[start:end]), dtype=torch.bfloat16)
            tensors[name] = flat.view(entry["shape"]).float()
    return tensors, header.get("__metadata__", {})
