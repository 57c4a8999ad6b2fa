"""rwkvc synth writes released names and shapes, the same for a seed, and leaves nothing behind when it fails."""
import hashlib
import json
import os
import resource
import signal
import struct
import subprocess
import sys

rwkvc, folder = sys.argv[1:3]
os.makedirs(folder, exist_ok=True)
target = os.path.join(folder, "random.safetensors")


def synth(version, size, *options, to=target, **limits):
    command = [rwkvc, "synth", "--version", version, "--size", size, "-o", to, *options]
    return subprocess.run(command, capture_output=True, text=True, **limits)


def written(*arguments):
    result = synth(*arguments)
    assert result.returncode == 0 and not result.stderr, result.stderr
    with open(target, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inspected():
    out = subprocess.run([rwkvc, "inspect", "--json", target], capture_output=True, check=True).stdout
    seen = json.loads(out)
    return seen, {tensor["name"]: tensor["shape"] for tensor in seen["tensors"]}


# Parameters of the released files, and some of their shapes.
first = written("7", "0.1b")
seen, shapes = inspected()
assert seen["parameters"] == 191034624 and seen["tensor_count"] == 399, seen["parameters"]
assert seen["model"]["architecture"] == "rwkv7" and seen["model"]["ranks"] == {"w": 64, "a": 64, "v": 32, "g": 128}
assert shapes["emb.weight"] == [65536, 768] and shapes["blocks.0.ln0.bias"] == [768]
assert shapes["blocks.11.att.x_g"] == [1, 1, 768] and shapes["blocks.0.att.r_k"] == [12, 64]
assert shapes["blocks.1.att.v1"] == [768, 32] and "blocks.0.att.v1" not in shapes
assert shapes["blocks.3.ffn.value.weight"] == [768, 3072]
assert all(tensor["dtype"] == "bf16" for tensor in seen["tensors"])
assert written("7", "0.1B", "--seed", "2") != first, "another seed must give other weights"
assert written("7", "0.1b", "--seed", "1") == first, "a seed must give the same weights again"

written("4", "169m")
seen, shapes = inspected()
assert seen["parameters"] == 169342464 and seen["model"]["architecture"] == "rwkv4", seen["parameters"]
assert shapes["head.weight"] == [50277, 768] and shapes["blocks.0.att.time_mix_k"] == [1, 1, 768]

# Matrices have a deviation of 1/sqrt(inputs).
with open(target, "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    begin, end = json.loads(file.read(length))["blocks.0.att.key.weight"]["data_offsets"]
    file.seek(8 + length + begin)
    bits = struct.unpack("<%dH" % ((end - begin) // 2), file.read(end - begin))
values = [struct.unpack("<f", struct.pack("<I", b << 16))[0] for b in bits[:100000]]
mean = sum(values) / len(values)
deviation = (sum(v * v for v in values) / len(values) - mean * mean) ** 0.5
assert abs(mean) < 5e-4 and abs(deviation * 768**0.5 - 1) < 0.02, (mean, deviation)
os.remove(target)


def refused(result, sentence):
    assert result.returncode == 1 and result.stderr.count("\n") == 1, result
    assert result.stderr.startswith("rwkvc: error: ") and sentence in result.stderr, result.stderr


refused(synth("6", "0.1b"), "RWKV-6 was not released in size '0.1b', only in 1.6b, 3b, 7b")
refused(synth("5.2", "13b"), "only in 0.4b, 1.5b, 3b, 7b")
refused(synth("9", "0.1b"), "no version '9'")
refused(synth("7", "0.1b", to=folder), "it is a directory")
refused(synth("7", "0.1b", to=os.path.join(folder, "none", "x")), "No such file or directory")


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that writing fails instead, as on a full disk


refused(synth("7", "0.1b", preexec_fn=small_files, restore_signals=False), "File too large")
assert os.listdir(folder) == [], os.listdir(folder)
print("synth keeps its promises")
