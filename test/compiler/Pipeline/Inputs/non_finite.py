"""Puts NaNs and infinities into one tensor after the other of two checkpoints, and compiles them."""
import json
import os
import shutil
import struct
import subprocess
import sys

rwkvc, floats, blocks, folder = sys.argv[1:5]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
output = os.path.join(folder, "model.so")


def refused(data, tensor):
    path = os.path.join(folder, "damaged")
    with open(path, "wb") as file:
        file.write(data)
    done = subprocess.run([rwkvc, "compile", path, "-o", output, "--target-cpu=x86-64-v3"], capture_output=True, text=True)
    expected = "rwkvc: error: weight '%s' has a value that is not finite\n" % tensor
    assert done.returncode == 1 and done.stderr.endswith(expected), (tensor, done)
    assert os.listdir(folder) == ["damaged"], os.listdir(folder)


with open(floats, "rb") as file:
    good = file.read()
length, = struct.unpack_from("<Q", good)
header = json.loads(good[8:8 + length])
for name, value in (("emb.weight", float("nan")), ("blocks.0.ln0.bias", float("nan")), ("blocks.1.att.w0", float("-inf")),
                    ("blocks.1.ffn.value.weight", float("inf")), ("ln_out.weight", float("nan"))):
    data = bytearray(good)
    struct.pack_into("<f", data, 8 + length + header[name]["data_offsets"][1] - 4, value)
    refused(data, name)

# The scale of a block.
with open(blocks, "rb") as file:
    good = file.read()
data = bytearray(good)
struct.pack_into("<H", data, len(data) - 34, 0x7C00)
refused(data, "head.weight")
