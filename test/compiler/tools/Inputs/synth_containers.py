"""rwkvc synth writes the same weights into every container; quantised ones within the error of their format."""
import os
import struct
import subprocess
import sys

import numpy as np

reference, rwkvc, folder = sys.argv[1:4]
sys.path.insert(0, reference)
import canonical  # noqa: E402
import readers  # noqa: E402

os.makedirs(folder, exist_ok=True)
SIZES = {"4": "0.1b", "5.2": "0.4b", "6": "1.6b", "7": "0.1b"}
TINY = ["--layers", "2", "--channels", "256", "--vocabulary", "300"]


def synth(version, ending, *options):
    path = os.path.join(folder, "v" + version + ending)
    sizes = [] if {"--channels", "--layers"} & set(options) else TINY
    command = [rwkvc, "synth", "--version", version, "--size", SIZES[version], "-o", path, *sizes, *options]
    result = subprocess.run(command, capture_output=True, text=True)
    return path, result


def written(version, ending, *options):
    path, result = synth(version, ending, *options)
    assert result.returncode == 0, result.stderr
    return path


def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def compare(path, expected):
    _, weights = canonical.load(path)
    assert not set(expected) - set(weights), set(expected) - set(weights)
    for name, value in expected.items():
        difference = np.abs(weights[name].reshape(-1) - value.reshape(-1)).max()
        # Decays that a converter exponentiates come back through two logarithms of an f32.
        bound = 1e-4 if "time_decay" in name and path.endswith(".bin") else 0
        assert difference <= bound, (path, name, difference)


stored = {version: written(version, ".safetensors") for version in SIZES}
for version, path in stored.items():
    expected = canonical.load(path)[1]
    compare(written(version, ".safetensors", "--type", "f16"), expected)
    compare(written(version, ".bin"), expected)
    compare(written(version, ".bin", "--type", "f32"), expected)
    if version in "67":
        compare(written(version, ".gguf"), expected)
        compare(written(version, ".gguf", "--type", "bf16"), expected)
        compare(written(version, ".gguf", "--type", "f32"), expected)


def dequantised(raw, kind):
    """ggml's blocks as floats."""
    if kind == "q8_0":
        blocks = np.frombuffer(raw, np.dtype([("d", "<f2"), ("q", "i1", 32)]))
        return (blocks["d"].astype(np.float64)[:, None] * blocks["q"]).reshape(-1)
    if kind == "q4_0":
        blocks = np.frombuffer(raw, np.dtype([("d", "<f2"), ("q", "u1", 16)]))
        levels = np.concatenate([blocks["q"] & 15, blocks["q"] >> 4], 1).astype(np.int32) - 8
        return (blocks["d"].astype(np.float64)[:, None] * levels).reshape(-1)
    fields = [("l", "u1", (2, 2, 32)), ("h", "u1", (2, 32)), ("s", "i1", 16), ("d", "<f2")]
    blocks = np.frombuffer(raw, np.dtype(fields))
    low = np.stack([blocks["l"][:, :, 0] & 15, blocks["l"][:, :, 1] & 15, blocks["l"][:, :, 0] >> 4,
                    blocks["l"][:, :, 1] >> 4], 2)  # [blocks, halves, quarters, 32]
    high = np.stack([blocks["h"] >> shift & 3 for shift in (0, 2, 4, 6)], 2)
    levels = (low | high << 4).astype(np.int32).reshape(-1, 16, 16) - 32
    scales = blocks["d"].astype(np.float64)[:, None] * blocks["s"]
    return (scales[:, :, None] * levels).reshape(-1)


BITS = {"q8_0": 8.5, "q4_0": 4.5, "q6_k": 6.5625}
# Of a normal tensor, relative to its deviation: the step of the format over the square root of 12, and a little more.
ERRORS = {"q8_0": (0.003, 0.008), "q4_0": (0.07, 0.11), "q6_k": (0.01, 0.03)}


def check_quantised(raw, kind, exact, name):
    error = dequantised(raw, kind) - exact.reshape(-1)
    relative = error.std() / exact.std()
    least, most = ERRORS[kind]
    assert least < relative < most, (name, kind, relative)


def gguf_entries(data):
    """Name -> (shape, type number, where its bytes begin)."""
    cursor = readers.GgufCursor(data)
    cursor.take("I")
    tensors, pairs = cursor.take("Q"), cursor.take("Q")
    metadata = {}
    for _ in range(pairs):
        key = cursor.string()
        metadata[key] = cursor.value(cursor.take("I"))
    entries = {}
    for _ in range(tensors):
        name = cursor.string()
        shape = [cursor.take("Q") for _ in range(cursor.take("I"))][::-1]
        entries[name] = shape, cursor.take("I"), cursor.take("Q")
    body = -(-cursor.at // 32) * 32
    return metadata, {name: (shape, kind, body + at) for name, (shape, kind, at) in entries.items()}


TYPES = {0: "f32", 1: "f16", 2: "q4_0", 8: "q8_0", 14: "q6_k"}
for version in "67":
    exact = readers.read_gguf(bytes_of(written(version, ".gguf")))[1]
    for kind in ("q8_0", "q4_0"):
        data = bytes_of(written(version, ".gguf", "--type", kind))
        metadata, entries = gguf_entries(data)
        assert metadata["general.architecture"] == "rwkv" + version and len(metadata["tokenizer.ggml.tokens"]) == 300
        assert metadata["general.file_type"] == {"q8_0": 7, "q4_0": 2}[kind]
        assert list(entries) == list(exact)
        for name, (shape, number, at) in entries.items():
            seen = TYPES[number]
            lora = name[-10:-7] in ("_w1", "_w2", "_a1", "_a2", "_v1", "_v2", "_g1", "_g2")
            matrix = len(shape) == 2 and not lora and "time_mix_first" not in name
            output = {"q8_0": "q8_0", "q4_0": "q6_k"}[kind]  # as llama-quantize does it
            assert seen == (output if name == "output.weight" else kind) if matrix else seen in ("f32", "f16"), name
            if matrix:
                check_quantised(data[at:at + int(np.prod(shape) * BITS[seen] / 8)], seen, exact[name], name)

for version in SIZES:
    exact = readers.read_rwkv_cpp(bytes_of(written(version, ".bin")))
    for kind, number in (("q4_0", 2), ("q8_0", 9)):
        data, at, quantised = bytes_of(written(version, ".bin", "--type", kind)), 24, []
        assert struct.unpack_from("<6i", data)[1:] == (101, 300, 256, 2, number)
        for expected, value in exact.items():
            rank, length, seen = struct.unpack_from("<3i", data, at)
            at += 12 + 4 * rank
            name = data[at:at + length].decode()
            assert name == expected and seen in (0, 1, number)
            at += length
            size = int(value.size * {0: 32, 1: 16, number: BITS[kind]}[seen] / 8)
            if seen == number:
                quantised.append(name)
                check_quantised(data[at:at + size], kind, value, name)
            at += size
        assert at == len(data) and "emb.weight" not in quantised and "head.weight" not in quantised
        assert "blocks.1.ffn.key.weight" in quantised and not any(".att.w1" in name for name in quantised)


def refused(version, ending, sentence, *options):
    result = synth(version, ending, *options)[1]
    assert result.returncode == 1 and sentence in result.stderr and result.stderr.count("\n") == 1, result


refused("4", ".gguf", "there are .gguf files of RWKV-6 and 7 only, not of RWKV-4")
refused("7", ".bin", "a .bin file is written as f16, f32, q8_0, q4_0, but --type is 'bf16'", "--type", "bf16")
refused("7", ".safetensors", "a .safetensors file is written as bf16, f16, f32, but --type is 'q4_0'", "--type", "q4_0")
refused("7", ".bin", "--channels is 100, but must be a multiple of 64", "--channels", "100")
refused("7", ".bin", "--layers is -1", "--layers", "-1")
assert not [name for name in os.listdir(folder) if name.endswith(".part")]
print("containers hold the same weights")
