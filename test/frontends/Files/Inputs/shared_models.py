"""The same weights in several containers have the same values, and every file has the tensors that it should."""
import glob
import os
import struct
import sys

import tool

rwkvc, models = sys.argv[1:3]
COUNTS = {
    "260123_reverse_L2_only_rwkv7.pth": 99,
    "tiny-rwkv-4v0-660K-FP32.bin": 78,
    "tiny-rwkv-5v1-730K-FP32.bin": 246,
    "tiny-rwkv-5v2-730K-FP32.bin": 270,
    "tiny-rwkv-5v2-730K-Q5_0.bin": 270,
    "tiny-rwkv-5v2-730K-Q5_1.bin": 270,
    "tiny-rwkv-7v0-834K-FP16.bin": 339,
    "tiny-rwkv-7v0-834K-Q5_0.bin": 339,
    "tiny-rwkv-7v0-834K-Q5_1.bin": 339,
    "tiny-rwkv-7v0-834K.gguf": 342,
    "tiny-rwkv-7v0-834K.pth": 399,
    "tiny-rwkv-7v0-834K.safetensors": 399,
    "synth-v4.pth": 60,
    "synth-v5.0.safetensors": 46,
    "synth-v5.1.safetensors": 72,
    "synth-v5.2.safetensors": 50,
    "synth-v6.safetensors": 62,
    "synth-v7.safetensors": 69,
    "synth-v7-n32.safetensors": 72,
}


def path(name):
    return glob.glob(os.path.join(models, "*", name))[0]


for name, count in COUNTS.items():
    assert tool.inspect(rwkvc, path(name))["tensor_count"] == count, name
SAME = {  # our name: rwkv.cpp's, gguf's
    "blocks.3.att.key.weight": ("blocks.3.att.key.weight", "blk.3.time_mix_key.weight"),
    "blocks.11.ffn.value.weight": ("blocks.11.ffn.value.weight", "blk.11.channel_mix_value.weight"),
    "blocks.5.ln1.bias": ("blocks.5.ln1.bias", "blk.5.attn_norm.bias"),
}
tiny = "tiny-rwkv-7v0-834K"
for name, (cpp, gguf) in SAME.items():
    expected = tool.values(rwkvc, path(tiny + ".safetensors"), name)
    assert expected == tool.values(rwkvc, path(tiny + ".pth"), name), name
    assert expected == tool.values(rwkvc, path(tiny + ".gguf"), gguf), name
    halves = [struct.unpack("<e", struct.pack("<e", value))[0] for value in expected]  # as its writer rounded
    in_cpp = tool.values(rwkvc, path(tiny + "-FP16.bin"), cpp)
    assert in_cpp == (expected if "ln" in name else halves), name
print("%d files agree" % len(COUNTS))
