"""Names, types, shapes and values of every container come back as they were written."""
import math
import os
import struct
import sys
import zipfile

import checkpoints as c
import tool

rwkvc, folder = sys.argv[1:3]
os.makedirs(folder, exist_ok=True)


def check(what, path, container, tensors):
    seen = tool.inspect(rwkvc, path)
    assert seen["container"] == container, (what, seen["container"])
    listed = {t["name"]: (t["dtype"], t["shape"]) for t in seen["tensors"]}
    assert listed == {name: (dtype, shape) for name, (dtype, shape, _) in tensors.items()}, (what, listed)
    for name, (dtype, _, raw) in tensors.items():
        same(what, name, tool.values(rwkvc, path, name), c.decode(dtype, raw))
    return seen["metadata"]


def same(what, name, seen, expected):
    """Equal to the last bit, except that all NaNs are alike."""
    assert len(seen) == len(expected), (what, name, len(seen), len(expected))
    for i, (a, b) in enumerate(zip(seen, expected)):
        alike = math.isnan(a) and math.isnan(b) or struct.pack("<f", a) == struct.pack("<f", b)
        assert alike, (what, name, i, a, b)


def write(name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


tensors = c.sample()
assert check("safetensors", write("a.bin", c.safetensors(tensors, {"k": "v"})), "safetensors", tensors) == {"k": "v"}

metadata = check("rwkv.cpp", write("b.pth", c.rwkv_cpp(tensors)), "rwkv.cpp", c.without_bf16(tensors))
assert metadata == {"version": "101", "vocabulary": "6", "channels": "4", "layers": "1"}, metadata
check("rwkv.cpp 100", write("b100.bin", c.rwkv_cpp(tensors, 100)), "rwkv.cpp", c.without_bf16(tensors))

pairs = [
    c.gguf_pair("general.architecture", 8, c.gguf_string("rwkv7")),
    c.gguf_pair("general.alignment", 4, struct.pack("<I", 64)),
    c.gguf_pair("a.u8", 0, b"\xff"),
    c.gguf_pair("a.i64", 11, struct.pack("<q", -5)),
    c.gguf_pair("a.f32", 6, struct.pack("<f", 0.5)),
    c.gguf_pair("a.bool", 7, b"\x01"),
    c.gguf_pair("a.texts", 9, struct.pack("<IQ", 8, 2) + c.gguf_string("x") + c.gguf_string(b"\xff\n")),
    c.gguf_pair("a.numbers", 9, struct.pack("<IQ3H", 2, 3, 1, 2, 3)),
]
metadata = check("gguf", write("c.safetensors", c.gguf(tensors, pairs, alignment=64)), "gguf", tensors)
assert metadata == {
    "general.architecture": "rwkv7", "general.alignment": "64", "a.u8": "255", "a.i64": "-5", "a.f32": "0.5",
    "a.bool": "true", "a.texts.count": "2", "a.numbers.count": "3",
}, metadata
check("gguf 2", write("c2.gguf", c.gguf(tensors, version=2)), "gguf", tensors)

path = os.path.join(folder, "d.gguf")
c.pth(path, tensors)
check("pth", path, "pth", tensors)
# Sizes of 64 bits, as in archives past 4 GiB.
limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 8
c.pth(path, tensors)
zipfile.ZIP64_LIMIT = limit
with open(path, "rb") as file:
    assert b"PK\6\6" in file.read()
check("pth with 64-bit sizes", path, "pth", tensors)

# Views: a transposed matrix, a slice that starts inside, a stride over two dimensions; one storage for all.
numbers = [float(i) for i in range(40)]
source = c.storage("f32", "0", 40)
views = {
    "transposed": (0, [4, 5], [1, 4]),
    "inner": (7, [3], [1]),
    "steps": (1, [2, 3, 2], [20, 6, 3]),
    "alone": (39, [1, 1], [1000000, 7]),
    "scalar": (3, [], []),
}
items = {name: c.rebuild(source, *view) for name, view in views.items()}
parameter = c.Op.global_("torch._utils", "_rebuild_parameter")
items["parameter"] = parameter + c.Op.tuple(items["inner"], b"\x88", b"}") + b"R"
views["parameter"] = views["inner"]
path = os.path.join(folder, "e.pth")
c.pth_raw(path, c.pickled(items), {"0": c.encode("f32", numbers)})
for name, (offset, shape, strides) in views.items():
    expected = [offset]
    for size, stride in zip(shape, strides):
        expected = [at + i * stride for at in expected for i in range(size)]
    same("views", name, tool.values(rwkvc, path, name), [numbers[at] for at in expected])

# Every f16 and every bf16 there is, at an odd address too: rwkv.cpp pads nothing.
every = struct.pack("<65536H", *range(65536))
for dtype in ("f16", "bf16"):
    all_values = {"x": (dtype, [256, 256], every)}
    check("every " + dtype, write("every-" + dtype, c.safetensors(all_values)), "safetensors", all_values)
odd = {"odd": ("f16", [65536], every), "odd2": ("f32", [3], c.encode("f32", [1.5, -2.0, 1e20]))}
check("unaligned", write("odd.bin", c.rwkv_cpp(odd)), "rwkv.cpp", odd)
print("round trips hold")
