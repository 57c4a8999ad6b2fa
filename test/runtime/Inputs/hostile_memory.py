"""hostile_memory.py BUILD FOLDER: packed tokenizers, modules, states, files of tokens and of records, and MLIR text of 4 MB
that ask for as much memory as their bytes can. FOLDER has a small model, m.safetensors and m.so."""
import json
import os
import subprocess
import sys

import appetite
import seeds

SIZE = 4 << 20
build, folder = sys.argv[1:3]
rwkvc, run, opt, seal = (os.path.join(build, "bin", name) for name in ("rwkvc", "rwkvc-run", "rwkv-opt", "rwkvc-seal"))
path, module, out = (os.path.join(folder, name) for name in ("hostile", "m.so", "out"))
watch = appetite.Appetite(path)


def tokenizer(name, content):
    watch.measure("packed tokenizer", name, content, [run, "tokenize", path, "abab \u00e9" * 100])


def distinct(size, count, alphabet=256):
    """Texts of `size` bytes that share little."""
    return [bytes((i // alphabet**place) % alphabet for place in range(size)) for i in range(count)]


for size in (1, 4, 8):
    tokenizer("longest match, texts of %d" % size, seeds.packed(1, [b""] + distinct(size, min(256**size, SIZE // (size + 4)))))
    tokenizer("BPE, texts of %d" % size, seeds.packed(2, [b""] + distinct(size, min(256**size, SIZE // (size + 4)))))
tokenizer("long texts", seeds.packed(1, [b""] + [b"%04d" % i + bytes(4092) for i in range(SIZE // 4100)]))
tokenizer("one path", seeds.packed(1, [b""] + [b"a" * (i + 1) for i in range(2800)]))
tokenizer("empty texts", seeds.packed(1, [b""] * (SIZE // 4 - 20)))
parts = [b"", *(bytes([i]) for i in range(256))]
pairs = [(1 + i // 256, 1 + i % 256, 257 + i) for i in range(65536)]
longer = [(257 + i // 256, 1 + i % 256, 65793 + i) for i in range(SIZE // 26 - 65536)]
texts = parts + [parts[left] + parts[right] for left, right, _ in pairs]
texts += [texts[left] + parts[right] for left, right, _ in longer]
tokenizer("merges", seeds.packed(2, texts, pairs + longer))
tokenizer("one merge", seeds.packed(2, [b"", b"a", b"aa"], [(1, 1, 2)] * (SIZE // 12 - 10)))
tokenizer("added", seeds.packed(2, texts[:65536], added=[(1 + i % 65000, i % 2) for i in range(65000)], flags=1))

weights = os.path.join(folder, "weights")
with open(weights, "wb") as file:
    file.write(bytes(SIZE))
for image in ("fake", "fake-tokenizer", "fake-weights"):
    sealed = os.path.join(folder, "sealed")
    subprocess.run([seal, os.path.join(build, "test/runtime/images", image + ".so"), weights, sealed], check=True)
    with open(sealed, "rb") as file:
        whole = file.read()
    watch.measure("module", image, whole, [run, "inspect", path])
    for place in range(len(whole) - 120, len(whole), 8):  # every number of the trailer as large as can be
        watch.measure("module", "trailer %d" % place, whole[:place] + b"\xff" * 8 + whole[place + 8:], [run, "inspect", path])
with open(module, "rb") as file:
    whole = file.read()
watch.measure("module", "twice", whole + whole, [run, "inspect", path])

state = os.path.join(folder, "state")
subprocess.run([run, "logits", module, "--tokens", "1", "-o", out, "--save-state", state], check=True)
with open(state, "rb") as file:
    saved = file.read()
logits = [run, "logits", module, "--tokens", "1", "-o", out, "--load-state", path]
watch.measure("state", "as saved", saved, logits)
watch.measure("state", "longer", saved + bytes(SIZE), logits)
for place in range(0, 88, 4):
    watch.measure("state", "header %d" % place, saved[:place] + b"\xff" * 4 + saved[place + 4:] + bytes(SIZE), logits)

for name, text in (("short", b"1 " * (SIZE // 2)), ("one word", b"1" * SIZE), ("space", b" " * SIZE), ("zeros", bytes(SIZE)),
                   ("last is wrong", b"1\n" * (SIZE // 2 - 1) + b"x")):
    text = text if name != "short" else text + b"256"  # the reading is measured, not what the model makes of it
    watch.measure("tokens", name, text, [run, "logits", module, "--tokens-file", path, "-o", out])
    watch.measure("tokens", "calibration, " + name, text, [rwkvc, "compile", os.path.join(folder, "m.safetensors"),
                                                           "--weights=q8", "--calibration=" + path, "-o", out])

record = json.loads(seeds.records()[0].split(b"\n")[0])
shapes = {"least": lambda i: dict(record, kernel="", cpu="", features="", compiler="", schedule="#kernel.schedule<>"),
          "kernels": lambda i: dict(record, kernel="%06x" % i, features="", compiler=""),
          "bests": lambda i: dict(record, record="best", kernel="%06x" % i, features="", compiler=""),
          "trials": lambda i: dict(record, record="trial", features="", compiler=""),
          "long": lambda i: dict(record, kernel="%06x" % i + "\1" * 500)}
for name, shape in shapes.items():
    lines, size = [], 0
    while size < SIZE:
        lines.append(json.dumps(shape(len(lines)), separators=(",", ":")).encode() + b"\n")
        size += len(lines[-1])
    text = b"".join(lines)
    watch.measure("records", name + ", shown", text, [rwkvc, "tune", "--show", path])
    watch.measure("records", name + ", reported", text, [rwkvc, "tune", "--records", path, "--report", out])
    if name == "bests":
        watch.measure("records", name + ", used", text, [rwkvc, "compile", os.path.join(folder, "m.safetensors"), "-o", out,
                                                         "--schedules=" + path, "--target-cpu=" + record["cpu"]])
watch.measure("records", "one line", b'{"record":"' + b"a" * SIZE, [rwkvc, "tune", "--show", path])

row = "func.func private @f%06x(tensor<1x%dxf32>)\n"
bodies = {"functions": "".join(row % (i, i + 1) for i in range(SIZE // 46)),
          "weights": "".join('%%%d = weight.tensor "a%d" : tensor<%dxf32>\n' % (i, i, i + 1) for i in range(SIZE // 48)),
          "constants": "".join("%%%d = arith.constant %d : i64\n" % (i, i) for i in range(SIZE // 34)),
          "attributes": "module attributes {x = [" + "1," * (SIZE // 2) + "1]} {}",
          "texts": "module attributes {x = [" + '"",' * (SIZE // 3) + '""]} {}',
          "dense": "%0 = arith.constant dense<[" + "1," * (SIZE // 2) + "1]> : tensor<" + str(SIZE // 2 + 1) + "xi64>",
          "dictionary": "module attributes {" + "".join("a%d = 1," % i for i in range(SIZE // 12)) + "z} {}",
          "blocks": "func.func @f() {\n" + "".join("^b%d:\n" % i for i in range(SIZE // 8))}
for name, text in bodies.items():
    watch.measure("MLIR text", name, text.encode(), [opt, path])
watch.finish()
